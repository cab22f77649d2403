"""Countries and regions of the address forms, with the ids the real shop's forms post."""

from __future__ import annotations

COUNTRIES = {
    "US": "United States", "AU": "Australia", "AT": "Austria", "BE": "Belgium", "BR": "Brazil", "CA": "Canada",
    "CN": "China", "DK": "Denmark", "FI": "Finland", "FR": "France", "DE": "Germany", "IN": "India", "IE": "Ireland",
    "IT": "Italy", "JP": "Japan", "MX": "Mexico", "NL": "Netherlands", "NZ": "New Zealand", "NO": "Norway",
    "ES": "Spain", "SE": "Sweden", "CH": "Switzerland", "GB": "United Kingdom",
}  # fmt: skip

_US_REGIONS = (
    "Alabama|Alaska|American Samoa|Arizona|Arkansas|Armed Forces Africa|Armed Forces Americas|Armed Forces Canada|"
    "Armed Forces Europe|Armed Forces Middle East|Armed Forces Pacific|California|Colorado|Connecticut|Delaware|"
    "District of Columbia|Federated States Of Micronesia|Florida|Georgia|Guam|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|"
    "Kentucky|Louisiana|Maine|Marshall Islands|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Northern Mariana Islands|"
    "Ohio|Oklahoma|Oregon|Palau|Pennsylvania|Puerto Rico|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|"
    "Vermont|Virgin Islands|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
US_REGIONS = dict(enumerate(_US_REGIONS.split("|"), 1))  # region_id -> name
