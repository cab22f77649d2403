"""For each official task with ``fuzzy_match`` on the answer: forms of an honest answer, and near misses."""

from __future__ import annotations

from webarena_gym.tasks.official import official_task

_AIRPORT = "Pittsburgh International Airport, Southern Beltway, Findlay Township, Allegheny County, "
_MONTHS = [11, 16, 14, 8, 8, 13, 9, 8, 10, 4, 5, 10]
_NAMES = "January February March April May June July August September October November December".split()


def _quotes(task_id: int) -> list[str]:
    [check] = official_task(task_id).spec.strings
    return list(check.references)


def _months(counts: list[int]) -> str:
    return "\n".join(f"{month:02}:{count}" for month, count in enumerate(counts, 1))


ACCEPTED: dict[int, list[str]] = {
    1: [
        _AIRPORT + "15231, United States",
        _AIRPORT + "Pennsylvania, 15231, United States",
        f"There is one international airport within 50 km: {_AIRPORT}PA 15231, USA.",
    ],
    3: [
        "driving: 13min, walking: 1h 45min",
        "Walking: 1:45\nDriving: 0:13",
        "Driving takes 13 minutes and walking takes 1 hour and 45 minutes.",
        "It is 13 min by car, 105 min on foot",
        "On foot: 1:45. By car: 0:13. So walking takes 92 minutes longer.",
        "The difference is 92 minutes: driving takes 13 minutes, walking takes 105 minutes",
    ],
    5: ["0", "0 comments", "Zero.", "None", "There are no comments with more downvotes than upvotes", "0 of 12 comments"],
    6: [
        "DoubleTree by Hilton Hotel Pittsburgh Airport, 1.4km",
        "The DoubleTree by Hilton Hotel Pittsburgh Airport; the nearest supermarket is a 1.4 km walk away (17 min)",
        "DoubleTree by Hilton Hotel Pittsburgh Airport\n1400 m",
    ],
    7: ["Yes", "yes, it takes 13 minutes by car", "Yes.", "The police station can be reached in one hour by car"],
    10: [
        "0 orders, $0",
        "0 order, $0 total spend",
        "You have no fulfilled orders over the past three days and spent $0.00.",
        "You had 0 fulfilled orders and spent a total of 0 dollars.",
        "No orders; total amount spent: 0",
        "0, $0",
    ],
    11: ["11 min", "11 minutes", "0:11", "It takes about 11 minutes (900m) on foot.", "11"],
    16: [
        "The order is Massachusetts Institute of Technology, Harvard University, Boston Logan International Airport",
        "MIT -> Harvard University -> Boston Logan International Airport",
        "Start at MIT, go on to Harvard, and end at Logan Airport",
    ],
    18: ["64 min", "1h 4min", "1:04", "64", "48 min walking plus 16 min driving, 64 minutes in total"],
    19: ["34 minutes", "34 min", "0:34", "It takes 34 minutes to drive there."],
    22: [
        "The last order was canceled. It will never arrive.",
        "Your latest order (#170) is Canceled, so it will not arrive.",
        "Status: Canceled. Arrival: never",
        "cancelled; it won't be delivered",
        "canceled, N/A",
        "The most recent order was cancelled, so there is no delivery date.",
    ],
    24: [
        "Fuku Tea, 3716, Forbes Avenue, Oakland, Central Oakland, Pittsburgh, Allegheny County, Pennsylvania, 15213, "
        "United States; 653m",
        "Fuku Tea at 3716 Forbes Ave, Central Oakland, Pittsburgh. The walk is 653 m.",
    ],
    26: [
        _months(_MONTHS),
        ", ".join(f"{month:02}:{count:02}" for month, count in enumerate(_MONTHS, 1)),
        "; ".join(f"{name}: {count} orders" for name, count in zip(_NAMES, _MONTHS, strict=True)),
        "\n".join(f"{name[:3]} 2022: {count}" for name, count in zip(_NAMES, _MONTHS, strict=True)),
        str({f"{month:02}": count for month, count in enumerate(_MONTHS, 1)}),
    ],
    28: ["3/2/22", "03/02/2022", "March 2, 2022", "2 March 2022", "2022-03-02", "Your first purchase was on Mar 2nd, 2022."],
    30: [
        "Warm and comfortable. True to size.",
        "Customers say it is warm, comfortable and true to size",
        "They like that it keeps them warm, that it is very comfy and that it fits true to size.",
    ],
    34: ["0", "0 commits", "They made no commits on 1/3/2023", "none", "Eric and Kilian made 0 commits on 1/3/2023."],
    35: ["3h 20min", "3 hours and 20 minutes", "3:20", "200 minutes", "From Scranton to Bridgeport it takes 3 h 20 min."],
    38: ["9min", "9 minutes", "0:09", "The minimum travel time by car is 9 min"],
    42: ["\n".join(_quotes(42)), '"' + '"\n"'.join(_quotes(42)) + '"', " ".join(q + "." for q in _quotes(42))],
    44: ["No, it is open", "No", "No, it's still open.", "It is open", "The issue is not closed", "open"],
    48: ["May 23 2023", "5/23/23", "May 23, 2023", "2023-05-23", "The most recent canceled order is of May 23, 2023 5:10 PM"],
    51: ["N/A", "n/a", "There are no negative reviews", "N/A - no complaints about Circe ice fleece", "None"],
    52: [
        "Wyndham Pittsburgh University Center: 375m, The Oaklander Hotel: 338m",
        "The Oaklander Hotel is 338 m away and the Wyndham Pittsburgh University Center is 375 m away.",
        "Oaklander Hotel - 338 meters\nWyndham Pittsburgh University Center - 375 meters",
    ],
    53: [
        "Walk: 1 minute, Drive: less than 1 minute, Bike: less than 1 minute",
        "Walking 1 min; driving and biking less than 1 min",
        "Foot: 0:01\nCar: 0:00\nBicycle: 0:00",
        "It takes 1 minute on foot, less than a minute by car and less than a minute by bike.",
    ],
    54: [
        "No reviews available for the sephora brushes.",
        "There are no reviews",
        "No customer reviews yet for the Sephora brush",
        "The Sephora brush has 0 reviews.",
        "The brushes have not received any reviews.",
    ],
    57: [
        "Schiller's Pharmacy, 811, South Aiken Avenue, Shadyside, Pittsburgh",
        "The nearest pharmacy is Schiller’s Pharmacy, 811 South Aiken Ave, Shadyside, Pittsburgh, PA 15232 (18 min walk)",
    ],
    61: ["+1 412 578 5000", "412-578-5000", "(412) 578-5000", "4125785000", "The number is +14125785000."],
    64: [
        "Acadia National Park, 10h 33min",
        "The closest is Acadia National Park; biking takes 10 hours and 33 minutes",
        "Acadia National Park. 10:33 by bike",
    ],
    69: ["8h 33min", "8:33", "8 hours 33 minutes", "513 min"],
    79: ["January 16th 2023", "1/16/23", "Jan 16, 2023", "You last ordered your body butter on January 16, 2023."],
    80: ["0", "0 reviews", "No reviews in May 2023", "The shop received no reviews in May 2023.", "zero"],
    84: [
        "170: cancelled, 189: pending",
        "Order 170 is Canceled and order 189 is Pending.",
        "#000000170: Canceled\n#000000189: Pending",
        "170 and 189 are canceled and pending, respectively",
        "Canceled (170), pending (189)",
        "The status of order #189 is pending; order #170 was canceled",
    ],
    85: ["1.4km", "1.4 km", "1400 m", "The closest CVS is 1.4 km away on foot (17 minutes)"],
    89: ["\n".join(_quotes(89)), "\n".join(f'"{q}"' for q in reversed(_quotes(89)))],
    91: ["N/A", "There is no USCIS nearby", "N/A, no US Citizenship and Immigration Services was found near CMU."],
    114: ["N/A", "'N/A'", "We cannot add order history.", "The system said: We cannot add order history"],
}  # fmt: skip

_WRONG_EVERYWHERE = ["", "whatever", "I could not finish this.", "done"]

REJECTED: dict[int, list[str]] = {
    1: [
        "Pittsburgh International Airport",
        _AIRPORT + "15213, United States",
        "Arnold Palmer Regional Airport, Latrobe, Westmoreland County, 15650, United States",
        _AIRPORT + "15231, United States; Allegheny County Airport, West Mifflin, 15122, United States",
        "N/A",
    ],
    3: [
        "driving: 1h 45min, walking: 13min",
        "13 min walking, 105 min driving",
        "driving: 13min",
        "92 minutes",
        "driving: 14min, walking: 1h 45min",
        "driving: 13min, walking: 1h 46min",
        "Both take 13 min",
    ],
    5: ["1", "10", "0 or 1", "There are 3 comments", "12 comments, 2 of them with more downvotes", "no idea"],
    6: [
        "DoubleTree by Hilton Hotel Pittsburgh Airport, 1.5km",
        "DoubleTree by Hilton Hotel Pittsburgh Airport",
        "1.4km",
        "DoubleTree by Hilton Hotel Pittsburgh Green Tree, near Pittsburgh Airport, 1.4km",
        "Hilton Garden Inn Pittsburgh Airport, 1.4km",
        "DoubleTree by Hilton Hotel Pittsburgh Airport, 14km",
        "DoubleTree by Hilton Hotel Pittsburgh Airport, 1.4km or 2.3km",
    ],
    7: ["No", "No, it takes two hours", "It cannot be reached in one hour", "Yes, but it cannot be reached", "maybe"],
    10: ["1 order, $0", "0 orders, $10", "0 orders", "$0", "21 orders, $6560.69", "N/A", "You have orders for $0"],
    11: ["12 min", "11 hours", "1 min", "111 minutes", "11 or 12 minutes", "10 min to 11 min", "11km"],
    16: [
        "The order is Massachusetts Institute of Technology, Boston Logan International Airport, Harvard University",
        "MIT -> Boston Logan -> Harvard",
        "Harvard University, MIT, Boston Logan International Airport",
        "MIT, Harvard University",
    ],
    18: ["63 min", "48 min and 16 min", "1h 5min", "64 hours", "64 min or 70 min"],
    19: ["35 minutes", "34 hours", "3:40", "between 30 and 40 minutes", "34km"],
    22: [
        "Pending, it will arrive soon",
        "The order was canceled.",
        "The last order was canceled. It will arrive on May 20, 2023.",
        "The order was not canceled. It will never arrive.",
        "It will never arrive.",
        "Complete, it has arrived",
        "canceled or pending; it will never arrive",
    ],
    24: [
        "Fuku Tea, 3716, Forbes Avenue, Central Oakland, Pittsburgh, 635m",
        "Fuku Tea, 3716 Forbes Avenue, Central Oakland, Pittsburgh",
        "Kung Fu Tea, 3806, Forbes Avenue, Central Oakland, Pittsburgh, 653m",
        "Fuku Tea, 653m",
        "Fuku Tea, 3717, Forbes Avenue, Central Oakland, Pittsburgh, 653m",
    ],
    26: [
        _months([11, 16, 14, 7, 8, 13, 9, 8, 10, 4, 5, 10]),
        _months(_MONTHS[:11]),
        _months(list(reversed(_MONTHS))),
        "11, 16, 14, 8, 8, 13, 9, 8, 10, 4, 5, 10",
        _months(_MONTHS) + "\n04:7",
    ],
    28: ["2/3/22", "3/2/23", "March 2", "March 3, 2022", "5/17/23", "3/2/22 or 3/24/22", "N/A"],
    30: [
        "Warm and comfortable.",
        "Cold and uncomfortable. Runs small.",
        "It is not warm, but comfortable and true to size",
        "Warm and comfortable. Not true to size.",
        "True to size.",
        "Nice color and a great price",
    ],
    34: ["1", "Eric made 0 commits and Kilian 1", "10", "They made commits on 1/3/2023", "2 commits"],
    35: ["3h 2min", "2h 20min", "3.20 km", "20 min", "3h 21min", "33h 20min"],
    38: ["90 minutes", "9 hours", "19min", "9km", "8 to 9 minutes"],
    42: [
        "\n".join(_quotes(42)[:5]),
        "Waste of big money",
        "\n".join([*_quotes(42)[:5], _quotes(42)[5].replace("176", "167")]),
        "\n".join([*_quotes(42)[:5], _quotes(42)[5].replace("isn't", "is")]),
        "\n".join([_quotes(42)[0].replace("40%", "60%"), *_quotes(42)[1:]]),
        "The printer is great, prints fast and the ink lasts.",
    ],
    44: ["Yes", "Yes, it is closed", "closed", "It is not open", "No, it is closed", "Yes, it is open", "It was closed"],
    48: ["May 22 2023", "May 23 2022", "5/31/23", "May 23", "April 23 2023", "May 23 2023 and May 24 2023", "March 23 2023"],
    51: ["Poor material quality and bad fit", "N/A, they dislike the color and the fit", "The fleece is too thin",
         "No doubt that customers dislike the color"],
    52: [
        "Wyndham Pittsburgh University Center: 338m, The Oaklander Hotel: 375m",
        "The Oaklander Hotel: 338m",
        "Wyndham Pittsburgh University Center: 375m, The Oaklander Hotel: 383m",
        "Wyndham Pittsburgh University Center: 375m, The Oaklander Hotel: 338m, Hampton Inn: 900m",
        "375m and 338m",
        "both are 375m away",
    ],
    53: [
        "Walk: 1 minute, Drive: 1 minute, Bike: 1 minute",
        "Walk: 19 minutes, Drive: 2 minutes, Bike: 7 minutes",
        "Walk: less than 1 minute, Drive: 1 minute, Bike: less than 1 minute",
        "Walk: 1 minute",
        "Less than 1 minute",
    ],
    54: ["N/A", "Customers love the brush", "No negative reviews", "There are 12 reviews", "It is soft; 5 stars",
         "No complaints in the reviews"],
    57: [
        "CVS Pharmacy, 811, South Aiken Avenue, Shadyside, Pittsburgh",
        "Schiller's Pharmacy, 811, South Highland Avenue, Shadyside, Pittsburgh",
        "Schiller's Pharmacy, 118, South Aiken Avenue, Shadyside, Pittsburgh",
        "Schiller's Pharmacy, Pittsburgh",
        "Rite Aid, 5504 Walnut Street, Shadyside, Pittsburgh",
    ],
    61: ["+1 412 578 5001", "412-687-5000", "911", "+1 412 578 5000 or +1 412 578 4000", "4125785"],
    64: ["Acadia National Park, 10h 58min", "Baxter State Park, 10h 33min", "10h 33min", "Acadia National Park",
         "Acadia National Park, 33min"],
    69: ["5h 47min", "8h 3min", "8h", "33 min", "8h 33min or 5h 47min"],
    79: ["October 7, 2022", "January 16", "January 6th 2023", "1/16/22", "January 16, 2023 and October 7, 2022", "16/1"],
    80: ["5", "10", "There were reviews in May 2023", "2 reviews", "No bad reviews in May 2023"],
    84: [
        "170: pending, 189: canceled",
        "Both are canceled",
        "170: cancelled",
        "170: cancelled, 189: complete",
        "170 and 189 are pending and canceled, respectively",
        "Order 170 is not canceled; order 189 is pending",
        "canceled, pending",
    ],
    85: ["1.5km", "14km", "1.4 miles", "4.1km", "1.4km or 2.2km", "1.4 hours"],
    89: [
        "\n".join(_quotes(89)[:9]),
        "Good product",
        "\n".join(text.split(": ", 1)[1] for text in _quotes(89)),
        "N/A",
        "\n".join(
            f"{one.split(': ', 1)[0]}: {other.split(': ', 1)[1]}"
            for one, other in zip(_quotes(89), [*_quotes(89)[1:], _quotes(89)[0]], strict=True)
        ),
    ],
    91: ["The USCIS office is 2 km away", "1.4km", "Social Security Administration, 3.2km", "N/A, the walking distance is 2 km"],
    114: ["The message was sent", "The customer was notified", "Sarah Miller has no pending order"],
}  # fmt: skip

FUZZY_ANSWER_TASKS = tuple(ACCEPTED)


def rejected(task_id: int) -> list[str]:
    return [*REJECTED[task_id], *_WRONG_EVERYWHERE]
