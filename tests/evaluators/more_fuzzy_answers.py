"""Answers as chatty policies word them, written after most of the rules."""

from __future__ import annotations

ACCEPTED: dict[int, list[str]] = {
    1: [
        "The only international airport within 50 km is Pittsburgh International Airport, located at Southern Beltway, Findlay Township, Allegheny County, Pennsylvania, 15231, United States (33 km by car).",
    ],
    3: [
        "Walking from Randyland to CMU takes 1:45 while driving takes 0:13, a difference of 1 hour and 32 minutes.",
        "Car: 13 min; Foot: 1 h 45 min",
        "The driving route takes about 13 minutes, whereas the walking route takes about 1 hour 45 minutes.",
    ],
    5: [
        "The user has 0 comments with more downvotes than upvotes.",
        "The count is 0.",
        "None of the comments have received more downvotes than upvotes.",
    ],
    6: [
        "The Hilton hotel near Pittsburgh Airport is the DoubleTree by Hilton Hotel Pittsburgh Airport, and the shortest walking distance to a supermarket (ALDI) is 1.4km.",
    ],
    7: [
        "Yes, the police station can be reached in one hour by car from the Gates building (about 12 minutes).",
        "Yes - 0:12 by car",
    ],
    10: [
        "Over the past three days (6/9/2023 - 6/12/2023), you have 0 fulfilled orders and the total amount spent is $0.",
        "You have 0 fulfilled orders. Total spent: $0.00",
    ],
    11: [
        "It takes 11 minutes to walk from Carnegie Museum of Art to Hunt Library (0.9 km).",
    ],
    16: [
        "Massachusetts Institute of Technology, then Harvard University, then Boston Logan International Airport",
        "The optimal route is: Massachusetts Institute of Technology → Harvard University → Boston Logan International Airport (total 24 minutes).",
    ],
    18: [
        "The total duration is 64 minutes (48 minutes walking + 16 minutes driving).",
        "1 hour and 4 minutes",
        "0:48 on foot and 0:16 by car, so 1:04 in total",
    ],
    19: [
        "The estimated driving time is 34 minutes.",
        "about 34 min (0:34)",
    ],
    22: [
        "The status of your latest order (#000000170) is Canceled. Since it has been canceled, it will not arrive.",
        "Your latest order was canceled, so it will never arrive.",
        "Canceled - it will not be delivered.",
        "The latest order, placed on 5/17/23, is canceled and will never be delivered.",
    ],
    24: [
        "The nearest tea cafe is Fuku Tea, 3716, Forbes Avenue, Oakland, Central Oakland, Pittsburgh, Allegheny County, Pennsylvania, 15213, United States. The walking distance is 653m.",
    ],
    26: [
        "Here are the counts: 01:11, 02:16, 03:14, 04:8, 05:8, 06:13, 07:9, 08:8, 09:10, 10:4, 11:5, 12:10",
        "01:11\n02:16\n03:14\n04:08\n05:08\n06:13\n07:09\n08:08\n09:10\n10:04\n11:05\n12:10",
        "January 2022: 11, February 2022: 16, March 2022: 14, April 2022: 8, May 2022: 8, June 2022: 13, July 2022: 9, August 2022: 8, September 2022: 10, October 2022: 4, November 2022: 5, December 2022: 10",
        "- Jan: 11\n- Feb: 16\n- Mar: 14\n- Apr: 8\n- May: 8\n- Jun: 13\n- Jul: 9\n- Aug: 8\n- Sep: 10\n- Oct: 4\n- Nov: 5\n- Dec: 10",
    ],
    28: [
        "Your first purchase on this site was made on March 2, 2022 (order #000000178).",
        "3/2/22 (Order 000000178)",
    ],
    30: [
        "Customers like Circe's products because they are warm and comfortable and are true to size.",
    ],
    34: [
        "Eric and Kilian made 0 commits to a11yproject on 1/3/2023.",
        "Neither Eric nor Kilian made any commits on 1/3/2023.",
        "0 (zero) commits",
    ],
    35: [
        "The estimated driving time from Scranton to Bridgeport is 3:20 (3 hours 20 minutes).",
    ],
    44: [
        "No, the issue is not closed; it is still open.",
        "No, it is open.",
        'The issue "better" is open, not closed',
        "No. The status is Open.",
    ],
    48: [
        "The most recent cancelled order is dated May 23, 2023.",
        "May 23, 2023 (order 136)",
    ],
    51: [
        "There is nothing that customers don't like about Circe ice fleece",
        "No negative feedback was found for Circe Hooded Ice Fleece.",
        "N/A. There are no complaints.",
    ],
    52: [
        "Wyndham Pittsburgh University Center is 375m away and The Oaklander Hotel is 338m away, each at most 5 minutes.",
    ],
    53: [
        "Walking: 1 min, driving: <1 min, biking: <1 min",
        "By foot 0:01, by car 0:00, by bicycle 0:00",
    ],
    54: [
        "There are no reviews for the Sephora brush.",
        "Customers have not left any reviews for the brush from Sephora.",
        "No reviews",
        "The product has no reviews yet.",
    ],
    57: [
        "Schiller's Pharmacy at 811, South Aiken Avenue, Shadyside, Pittsburgh, Allegheny County, Pennsylvania, 15232, United States is 1.3km (0:16) away.",
    ],
    61: [
        "The phone number of Western Pennsylvania Hospital is +1 412 578 5000.",
        "+1-412-578-5000",
    ],
    64: [
        "The closest national park to Vinalhaven is Acadia National Park; biking there takes 10 hours 33 minutes (10:33).",
    ],
    69: [
        "It takes 8 hours and 33 minutes (8:33) by car.",
        "8h33m",
    ],
    79: [
        "Your last order with body butter was on January 16, 2023 (Order #000000163).",
        "1/16/2023",
    ],
    80: [
        "Our shop received 0 reviews in May 2023.",
        "There were no reviews received in May 2023.",
    ],
    84: [
        "Order #170 is Canceled, Order #189 is Pending",
        "Order 000000170: Canceled; Order 000000189: Pending",
        "The order statuses are: 170 - Canceled, 189 - Pending.",
    ],
    85: [
        "The walking distance between Carnegie Mellon University and the closest CVS is 1.4km.",
    ],
    91: [
        "There is no US Citizenship and Immigration Services office near Carnegie Mellon University.",
        "No USCIS nearby, so N/A",
        "Not found",
    ],
}

REJECTED: dict[int, list[str]] = {
    3: [
        "Driving takes 1:45 and walking takes 0:13",
    ],
    5: [
        "5",
        "The user has 1 comment",
    ],
    7: [
        "No, it can't be reached in an hour",
    ],
    10: [
        "You have 3 orders, $0",
        "0 orders and $12.99",
    ],
    18: [
        "1:05",
        "64 minutes walking and 16 minutes driving",
    ],
    22: [
        "The latest order is Pending and will not arrive yet",
        "Canceled. It arrives on 5/20/23",
        "It has been delivered",
    ],
    26: [
        "01:11, 02:16, 03:14, 04:8, 05:8, 06:13, 07:9, 08:8, 09:10, 10:4, 11:5, 12:11",
    ],
    28: [
        "Your first purchase was on March 24, 2022",
        "12/2/22",
    ],
    44: [
        "The issue was closed",
        "Yes, closed",
    ],
    48: [
        "5/24/23",
    ],
    51: [
        "Customers do not like the color",
        "It is too small and not warm",
    ],
    53: [
        "Walk: 1 min, car: 2 min, bike: <1 min",
    ],
    54: [
        "5 stars",
        "The brush is great, no negative feedback",
        "Reviews are not positive",
    ],
    79: [
        "January 16th 2022",
        "You last ordered it on 10/7/22",
    ],
    80: [
        "There were 346 reviews",
        "1 review was received in May 2023",
    ],
    84: [
        "Order #170 is Pending, Order #189 is Canceled",
        "170 and 189 are both pending",
        "Order 170 is Complete, order 189 is Pending",
    ],
    91: [
        "The walking distance is 3.2km",
    ],
}
