"""The units of this demonstration after 2022, and which came after which. All of it is invented but for what README.md names."""

from review import UNITS_FROM, Unit, demo_id, number

JULY = "2025-07-01"


class Ward:
    """A ward or commune of a district: its place in official lists, and the committee of 2025 that has it."""

    def __init__(self, district, n, then, name=None, kind="ward"):
        self.district, self.then, self.kind = district, then, kind
        self.name, self.n = name or f"{district.split('ủy ')[1]} {n}", n

    def locate(self, units):
        self.district_code = units[self.district].place
        self.code = f"{self.district_code}{self.n:02d}"
        return self


# Wards are numbered, for none of them is a real one. The first of Lê Chân merged into its second in 2024.
WARDS = [
    Ward("Quận ủy Hồng Bàng", 1, "Hồng Bàng"), Ward("Quận ủy Hồng Bàng", 2, "Hồng An"),
    Ward("Quận ủy Lê Chân", 1, None), Ward("Quận ủy Lê Chân", 2, "Lê Chân"), Ward("Quận ủy Lê Chân", 3, "An Biên"),
    Ward("Quận ủy Lê Chân", 4, "Ngô Quyền"),
    Ward("Quận ủy Dương Kinh", 1, "Kiến An"), Ward("Quận ủy Dương Kinh", 2, "Đồ Sơn"),
    Ward("Huyện ủy Thủy Nguyên", 1, "Thủy Nguyên", kind="commune"), Ward("Huyện ủy Thủy Nguyên", 2, "Lưu Kiếm", kind="commune"),
    Ward("Huyện ủy An Dương", 1, "An Dương", kind="commune"), Ward("Huyện ủy An Dương", 2, "Hồng An", kind="commune"),
    Ward("Huyện ủy An Dương", 3, "Hồng Bàng", kind="commune"),
]
MOVED = WARDS[-1]  # from An Dương to Hồng Bàng on the first day of 2025

# The committees from July 2025 on: name, kind, code. Most take over the code of a district that ended.
COMMITTEES = {
    "Hồng Bàng": ("Đảng ủy phường Hồng Bàng", "ward", "303-DU"), "Hồng An": ("Đảng ủy phường Hồng An", "ward", "312-DU"),
    "Ngô Quyền": ("Đảng ủy phường Ngô Quyền", "ward", "304-DU"), "Lê Chân": ("Đảng ủy phường Lê Chân", "ward", "305-DU"),
    "An Biên": ("Đảng ủy phường An Biên", "ward", "309-DU"), "Hải An": ("Đảng ủy phường Hải An", "ward", "306-DU"),
    "Kiến An": ("Đảng ủy phường Kiến An", "ward", "307-DU"), "Đồ Sơn": ("Đảng ủy phường Đồ Sơn", "ward", "308-DU"),
    "Thủy Nguyên": ("Đảng ủy phường Thủy Nguyên", "ward", "311-DU"), "Lưu Kiếm": ("Đảng ủy phường Lưu Kiếm", "ward", "320-DU"),
    "An Dương": ("Đảng ủy phường An Dương", "ward", "321-DU"), "An Lão": ("Đảng ủy xã An Lão", "commune", "313-DU"),
    "Kiến Thụy": ("Đảng ủy xã Kiến Thụy", "commune", "314-DU"), "Tiên Lãng": ("Đảng ủy xã Tiên Lãng", "commune", "315-DU"),
    "Vĩnh Bảo": ("Đảng ủy xã Vĩnh Bảo", "commune", "316-DU"), "Cát Hải": ("Đảng ủy đặc khu Cát Hải", "special_zone", "317-DU"),
    "Bạch Long Vĩ": ("Đảng ủy đặc khu Bạch Long Vĩ", "special_zone", "318-DU"),
    "Khu kinh tế": ("Đảng ủy Ban Quản lý Khu kinh tế Hải Phòng", "grassroots", "KKT-DU"),
}
# Committee of then, how, and the committees of 2025. One that continues or merges whole has one; one that is split has several.
SUCCESSIONS = [
    ("Quận ủy Hồng Bàng", [("split_from", "part", "Hồng Bàng"), ("split_from", "part", "Hồng An")]),
    ("Quận ủy Ngô Quyền", [("merged_into", "whole", "Ngô Quyền")]),
    ("Quận ủy Lê Chân", [("split_from", "part", "Lê Chân"), ("split_from", "part", "An Biên"), ("merged_into", "part", "Ngô Quyền")]),
    ("Quận ủy Hải An", [("continues", "whole", "Hải An")]),
    ("Quận ủy Kiến An", [("merged_into", "whole", "Kiến An")]),
    ("Quận ủy Đồ Sơn", [("merged_into", "whole", "Đồ Sơn")]),
    ("Quận ủy Dương Kinh", [("merged_into", "part", "Kiến An"), ("merged_into", "part", "Đồ Sơn")]),
    ("Huyện ủy Thủy Nguyên", [("split_from", "part", "Thủy Nguyên"), ("split_from", "part", "Lưu Kiếm")]),
    ("Huyện ủy An Dương", [("split_from", "part", "An Dương"), ("merged_into", "part", "Hồng An")]),
    ("Huyện ủy An Lão", [("continues", "whole", "An Lão")]),
    ("Huyện ủy Kiến Thụy", [("continues", "whole", "Kiến Thụy")]),
    ("Huyện ủy Tiên Lãng", [("continues", "whole", "Tiên Lãng")]),
    ("Huyện ủy Vĩnh Bảo", [("continues", "whole", "Vĩnh Bảo")]),
    ("Huyện ủy Cát Hải", [("continues", "whole", "Cát Hải")]),
    ("Huyện ủy Bạch Long Vĩ", [("continues", "whole", "Bạch Long Vĩ")]),
    ("Đảng ủy Khu kinh tế Hải Phòng", [("continues", "whole", "Khu kinh tế")]),
]
# People of the districts that were split, in thousands; the bloc has none, so what it did stays unallocated.
POPULATION = {
    "Quận ủy Hồng Bàng": {"Hồng Bàng": 74, "Hồng An": 31}, "Quận ủy Lê Chân": {"Lê Chân": 96, "An Biên": 88, "Ngô Quyền": 21},
    "Quận ủy Dương Kinh": {"Kiến An": 27, "Đồ Sơn": 33}, "Huyện ủy Thủy Nguyên": {"Thủy Nguyên": 180, "Lưu Kiếm": 154},
}
BLOC = "Đảng ủy Khối Doanh nghiệp thành phố"
# Of the bloc, from February 2025 on.
CITY_LEVEL = {"Ủy ban": ("Đảng bộ Ủy ban nhân dân thành phố", "UB-DU"), "Cơ quan": ("Đảng bộ các cơ quan Đảng thành phố", "CQ-DU")}


def add_units(units):
    """The units to come, beside those of the review; their ids are by what they are."""
    city, youth = units["city/party"], units["city/youth"]
    for ward in WARDS:
        ward.locate(units)
    for order, (key, (name, kind, code)) in enumerate(COMMITTEES.items(), start=1):
        party = units[f"2025/{key}"] = Unit(f"2025/{key}", name, kind, code, 400 + order, line=city.id, symbol="QĐ/ĐU")
        if key in ("Bạch Long Vĩ", "Khu kinh tế"):
            continue
        title = name.replace("Đảng ủy", "Đoàn")
        units[f"2025/{key}/youth"] = Unit(f"2025/{key}/youth", title, "youth_body", code.replace("DU", "TN"), 450 + order, line=youth.id,
                                          led_by=party.id, symbol="QĐ/ĐTN")
    for order, (key, (name, code)) in enumerate(CITY_LEVEL.items(), start=1):
        units[f"2025/{key}"] = Unit(f"2025/{key}", name, "business_bloc", code, 430 + order, line=city.id, symbol="QĐ/ĐU")


def ward_id(ward):
    return demo_id(f"ward/{ward.district}/{ward.n}")


def create(unit, begins):
    parents = {edge: parent for edge, parent in (("line", unit.line), ("led_by", unit.led_by)) if parent}
    return {"create_unit": {"unit": unit.id, "kind": unit.kind, "name": unit.name, "code": unit.code, "from": begins,
                            "display_order": unit.order} | parents}


def end(unit_id, begins):
    return {"end_unit": {"unit": unit_id, "from": begins}}


def succeed(unit_id, successor, begins, how, extent, **of):
    return {"succeed": {"unit": unit_id, "successor": successor, "from": begins, "how": how, "extent": extent} | ({"of": of} if of else {})}


def create_wards(units):
    return [{"create_unit": {"unit": ward_id(ward), "kind": ward.kind, "name": ward.name, "code": ward.code, "from": UNITS_FROM,
                             "display_order": 500 + order, "line": units[ward.district].id}} for order, ward in enumerate(WARDS)]


def wards_of_2024(units):
    """The first hop: a ward is merged into its neighbour."""
    first, second = (ward_id(ward) for ward in WARDS if ward.district == "Quận ủy Lê Chân" and ward.n in (1, 2))
    begins = "2024-12-01"
    return [end(first, begins), succeed(first, second, begins, "merged_into", "whole")]


def january_2025(units):
    """A part of An Dương goes to Hồng Bàng first; then An Dương and Thủy Nguyên are raised, on the same day."""
    begins = "2025-01-01"
    an_duong, hong_bang, thuy_nguyen = (units[name].id for name in ("Huyện ủy An Dương", "Quận ủy Hồng Bàng", "Huyện ủy Thủy Nguyên"))
    return [
        {"set_parent": {"unit": ward_id(MOVED), "edge": "line", "parent": hong_bang, "from": begins}},
        {"reclassify_unit": {"unit": ward_id(MOVED), "kind": "ward", "from": begins}},
        succeed(an_duong, hong_bang, begins, "partly_transferred", "part", area="part", population="part"),
        succeed(units["Huyện ủy An Dương/youth"].id, units["Quận ủy Hồng Bàng/youth"].id, begins, "partly_transferred", "part", members="part"),
        {"rename_unit": {"unit": an_duong, "name": "Quận ủy An Dương", "from": begins}},
        {"reclassify_unit": {"unit": an_duong, "kind": "urban_district", "from": begins}},
        {"rename_unit": {"unit": thuy_nguyen, "name": "Thành ủy Thủy Nguyên", "from": begins}},
        {"reclassify_unit": {"unit": thuy_nguyen, "kind": "urban_district", "from": begins}},
    ]


def february_2025(units):
    """The bloc ends; its members go three ways, and its youth body to the city's."""
    begins = "2025-02-01"
    bloc, youth = units[BLOC].id, units[f"{BLOC}/youth"].id
    new = [units[f"2025/{key}"] for key in CITY_LEVEL]
    return [
        *(create(unit, begins) for unit in new),
        end(youth, begins), succeed(youth, units["city/youth"].id, begins, "merged_into", "whole"),
        end(bloc, begins), *(succeed(bloc, unit.id, begins, "split_from", "part") for unit in new),
        succeed(bloc, units["Đảng ủy Khu kinh tế Hải Phòng"].id, begins, "partly_transferred", "part", members="part"),
    ]


def july_2025(units):
    """Districts end. First what is new, then what stands lowest ends, then the districts; then who comes after whom."""
    new = [units[f"2025/{key}"] for key in COMMITTEES]
    young = [units[f"2025/{key}/youth"] for key in COMMITTEES if f"2025/{key}/youth" in units]
    steps = [create(unit, JULY) for unit in new + young]
    zone, zone_youth = units["Đảng ủy Khu kinh tế Hải Phòng"], units["Đảng ủy Khu kinh tế Hải Phòng/youth"]
    steps.append({"set_parent": {"unit": zone_youth.id, "edge": "led_by", "parent": units["2025/Khu kinh tế"].id, "from": JULY}})
    steps.append({"rename_unit": {"unit": zone_youth.id, "name": "Đoàn Ban Quản lý Khu kinh tế Hải Phòng", "from": JULY}})
    steps += wards_end(units) + federations_end(units)
    for old, parts in SUCCESSIONS:
        steps += youth_of(units, old, parts) if old != zone.name else []
        steps.append(end(units[old].id, JULY))
        steps += [succeed(units[old].id, units[f"2025/{key}"].id, JULY, how, extent) for how, extent, key in parts]
    return steps + [{"weigh_successor": {"unit": units[old].id, "successor": units[f"2025/{key}"].id, "key": "population", "weight": thousands * 1000}}
                    for old, weights in POPULATION.items() for key, thousands in weights.items()]


def wards_end(units):
    steps = []
    for ward in (ward for ward in WARDS if ward.then):
        steps += [end(ward_id(ward), JULY), succeed(ward_id(ward), units[f"2025/{ward.then}"].id, JULY, "merged_into", "whole")]
    return steps


def federations_end(units):
    """Federations of districts and of industries end; the city's takes over what they had."""
    city = units["city/labour"]
    ending = [unit for unit in units.values() if unit.line == city.id and unit is not city]
    return [step for unit in ending
            for step in (end(unit.id, JULY), succeed(unit.id, city.id, JULY, "merged_into", "whole"))]


def youth_of(units, old, parts):
    """The youth body of a district goes the way of its Party committee."""
    body = units.get(f"{old}/youth")
    if body is None:
        return []
    return [end(body.id, JULY)] + [succeed(body.id, units[f"2025/{key}/youth"].id, JULY, how, extent) for how, extent, key in parts]


def holders_of_2025(units):
    """Party committee and youth body of each place with targets in 2025."""
    for key in COMMITTEES:
        if f"2025/{key}/youth" in units:
            yield units[f"2025/{key}"], units[f"2025/{key}/youth"]


def plan_of_2025(measure, holder):
    least, width = {"party_org": (1, 3), "party_member": (9, 14), "youth_org": (1, 3), "youth_member": (12, 22)}[measure]
    return least + number(f"plan/2025/{measure}/{holder.label}", width)
