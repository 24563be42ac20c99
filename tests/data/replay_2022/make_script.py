#!/usr/bin/env python3
"""Writes commands.ndjson and expected.json from review_2022.csv. Deterministic: every choice is a hash of a label, so the bytes are the same on any machine.

    python3 make_script.py            writes both files beside itself
    python3 make_script.py --check    writes nothing; fails when they differ
"""

import csv
import datetime as dt
import hashlib
import json
import pathlib
import sys
import uuid

HERE = pathlib.Path(__file__).parent
# Ids of this demonstration.
DEMO_NAMESPACE = uuid.UUID("5e0d28a4-2022-5000-8000-000000000028")

LOCAL = dt.timezone(dt.timedelta(hours=7))
PROGRAMME = "nq28"
UNITS_FROM = "2009-11-10"  # the day of the resolution; the units' true first days are not in the source
HOST_KINDS = ["private_enterprise", "foreign_invested_enterprise", "cooperative", "non_public_service_unit"]
PARTY_KINDS = ["party_cell_grassroots", "party_cell_subordinate", "party_organisation_grassroots"]
UNION_KINDS = ["grassroots_union", "occupational_union"]
YOUTH_KINDS = ["youth_branch", "grassroots_youth_union", "youth_federation_branch"]

CODES = {
    "Hồng Bàng": "303", "Ngô Quyền": "304", "Lê Chân": "305", "Hải An": "306", "Kiến An": "307", "Đồ Sơn": "308",
    "Dương Kinh": "309", "Thủy Nguyên": "311", "An Dương": "312", "An Lão": "313", "Kiến Thụy": "314", "Tiên Lãng": "315",
    "Vĩnh Bảo": "316", "Cát Hải": "317", "Bạch Long Vĩ": "318",
}
INDUSTRY_CODES = {"Công đoàn ngành Công Thương": "CT", "Công đoàn ngành Xây dựng": "XD", "Công đoàn ngành Giao thông vận tải": "GT"}


def number(label: str, below: int) -> int:
    """A number from 0 to below - 1 that only the label decides."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big") % below


def chance(label: str, percent: int) -> bool:
    return number(label, 100) < percent


def weighted(label: str, choices: list) -> str:
    at = number(label, sum(weight for _, weight in choices))
    for choice, weight in choices:
        if at < weight:
            return choice
        at -= weight
    raise AssertionError(label)


def demo_id(label: str) -> str:
    return str(uuid.uuid5(DEMO_NAMESPACE, label))


class Year:
    """The days of a year on which offices decide, announce and record."""

    def __init__(self, number, holidays, announced):
        self.number, self.announced = number, [dt.date(number, month, day) for month, day in announced]
        closed = {dt.date(number, month, day) for month, day in holidays}
        days = (dt.date(number, 1, 4) + dt.timedelta(n) for n in range(362))
        self.workdays = [day for day in days if day.year == number and day.weekday() < 5 and day not in closed]
        self.last_ceremony = dt.date(number, 12, 23)

    def recorded(self, day, label, lag_max=6):
        """The first working day on or after `day` plus a lag in days."""
        wanted = day + dt.timedelta(number(f"lag/{label}", lag_max + 1))
        return office_time(next((d for d in self.workdays if d >= wanted), self.workdays[-1]), label)

    def spread(self, label, index, of):
        """The day of the index-th of so many decisions, spread over the working days from 10 January to 23 December."""
        first, last = 4, len(self.workdays) - 8
        within = number(f"day/{label}/{index}", 1000)
        return self.workdays[first + ((last - first) * (index * 1000 + within)) // (of * 1000)]

    def ceremony_day(self, day):
        """The next of the days on which foundings are announced together (DOMAIN §3.1)."""
        return next((held for held in self.announced if held >= day), None)


# Public holidays of 2022 (Tết 31/1–4/2, Hùng Kings 11/4, 2–3/5, 1–2/9) on which no office records anything.
YEAR_2022 = Year(2022, [(1, 3), (1, 31), (2, 1), (2, 2), (2, 3), (2, 4), (4, 11), (5, 2), (5, 3), (9, 1), (9, 2)],
                 announced=[(2, 18), (5, 19), (9, 2), (11, 18)])


class Unit:
    def __init__(self, label, name, kind, code, order, line=None, led_by=None, place=None, symbol=""):
        self.label, self.name, self.kind, self.code, self.order = label, name, kind, code, order
        self.line, self.led_by, self.place, self.symbol = line, led_by, place, symbol
        self.id = demo_id(f"unit/{label}")

    def actor(self, role):
        return {"subject": demo_id(f"person/{self.label}/{role}"), "office": self.id, "role": role}


class Script:
    """Collects entries, then numbers the papers of each unit in the order of their dates and writes everything in order of time."""

    def __init__(self):
        self.entries = []

    def add(self, at, actor, command, data, label, after=None, paper=None):
        """`paper`: (unit, symbol, date); its number is given when all papers are known. `after`: label of an entry that must come first."""
        self.entries.append({"at": at, "actor": actor, "command": command, "data": data, "label": label, "after": after, "paper": paper,
                             "key": demo_id(f"command/{label}")})

    def lines(self):
        self._number_papers()
        by_label = {entry["label"]: entry for entry in self.entries}
        for entry in self.entries:
            first = by_label.get(entry["after"])
            if first and entry["at"] <= first["at"]:
                entry["at"] = first["at"] + dt.timedelta(minutes=5)
        ordered = sorted(self.entries, key=lambda e: (e["at"], e["label"]))
        last = None
        for entry in ordered:
            if last and entry["at"] <= last:
                entry["at"] = last + dt.timedelta(seconds=1)
            last = entry["at"]
            yield {"at": entry["at"].isoformat(), "key": entry["key"], "actor": entry["actor"], "command": entry["command"], "data": entry["data"]}

    def _number_papers(self):
        series = {}
        for entry in self.entries:
            if entry["paper"]:
                unit, symbol, date = entry["paper"]
                series.setdefault((unit.name, symbol, date.year), []).append((date, entry["label"], entry))
        for (issuer, symbol, _), papers in sorted(series.items(), key=lambda item: item[0]):
            at = 0
            for date, label, entry in sorted(papers, key=lambda paper: paper[:2]):
                at += 1 + number(f"number/{label}", 4)  # other papers lie between
                entry["data"]["document"] = {"number": f"{at:02d}", "symbol": symbol, "issuer": issuer, "date": date.isoformat()}


def office_time(day, label):
    """Between 7:30 and 11:29 or 13:30 and 16:29, local time."""
    minute = number(f"minute/{label}", 420)
    start = dt.time(7, 30) if minute < 240 else dt.time(13, 30)
    moment = dt.datetime.combine(day, start, LOCAL) + dt.timedelta(minutes=minute if minute < 240 else minute - 240)
    return moment + dt.timedelta(seconds=number(f"second/{label}", 60))


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def rows():
    with open(HERE / "review_2022.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            unit, kind = row.pop("unit"), row.pop("kind")
            yield unit, kind, {key: int(value) if value else None for key, value in row.items()}


def make_units():
    """Three roots, then each row's Party committee with its labour federation and youth body, then the industry unions."""
    units = {}

    def add(label, *args, **named):
        units[label] = Unit(label, *args, **named)
        return units[label]

    city = add("city/party", "Thành ủy Hải Phòng", "city", "31-DU", 1, symbol="QĐ/TU")
    labour = add("city/labour", "Liên đoàn Lao động thành phố Hải Phòng", "labour_federation", "31-LD", 2, led_by=city.id, symbol="QĐ-LĐLĐ")
    youth = add("city/youth", "Thành đoàn Hải Phòng", "youth_body", "31-TN", 3, led_by=city.id, symbol="QĐ/TĐTN")
    for order, (name, kind, figures) in enumerate(rows(), start=1):
        if kind == "industry_union":
            add(name, name, kind, f"{INDUSTRY_CODES[name]}-LD", 200 + order, line=labour.id, led_by=city.id, symbol="QĐ-CĐN")
            continue
        place = next((p for p in CODES if name.endswith(p)), None)
        urban = kind == "urban_district"
        short = {"business_bloc": "DN", "economic_zone": "KKT"}.get(kind) or CODES[place]
        symbol = {"business_bloc": "QĐ/ĐUK", "economic_zone": "QĐ/ĐU"}.get(kind) or ("QĐ/QU" if urban else "QĐ/HU")
        party = add(name, name, kind, f"{short}-DU", 10 + order, line=city.id, place=place and CODES[place], symbol=symbol)
        if figures["union_org_plan"]:
            title = "Công đoàn Khu kinh tế Hải Phòng" if kind == "economic_zone" else f"Liên đoàn Lao động {'quận' if urban else 'huyện'} {place}"
            add(f"{name}/labour", title, "labour_federation", f"{short}-LD", 100 + order, line=labour.id, led_by=party.id,
                place=party.place, symbol="QĐ-CĐKKT" if kind == "economic_zone" else "QĐ-LĐLĐ")
        if figures["youth_org_plan"]:
            title = {"business_bloc": "Đoàn Khối Doanh nghiệp thành phố", "economic_zone": "Đoàn Khu kinh tế Hải Phòng"}.get(kind) \
                or f"{'Quận' if urban else 'Huyện'} đoàn {place}"
            add(f"{name}/youth", title, "youth_body", f"{short}-TN", 150 + order, line=youth.id, led_by=party.id, place=party.place,
                symbol="QĐ/ĐTN")
    return units


def open_ledger(script, units):
    city, admin = units["city/party"], units["city/party"].actor("admin")
    script.add(at("2022-01-04T08:00:00"), admin, "open-ledger", {"name": "haiphong", "demonstration": True}, "open-ledger")
    changes = []
    for unit in sorted(units.values(), key=lambda u: u.order):
        kind = "grassroots" if unit.kind == "economic_zone" else unit.kind
        create = {"unit": unit.id, "kind": kind, "name": unit.name, "code": unit.code, "from": UNITS_FROM, "display_order": unit.order}
        create |= {edge: parent for edge, parent in (("line", unit.line), ("led_by", unit.led_by)) if parent}
        changes.append({"create_unit": create})
    zone = next(u for u in units.values() if u.kind == "economic_zone")
    changes.append({"reclassify_unit": {"unit": zone.id, "kind": "economic_zone", "from": "2022-01-01"}})
    script.add(at("2022-01-04T08:10:00"), admin, "change-structure", {"document": None, "changes": changes}, "structure",
               paper=(city, "QĐ/TU", dt.date(2022, 1, 3)))
    rules = json.loads((HERE / "rules.json").read_text(encoding="utf-8"))
    script.add(at("2022-01-04T08:20:00"), admin, "set-rules", {"document": None, "rules": rules}, "rules",
               paper=(city, "HD/TU", dt.date(2022, 1, 3)))
    resolution = {"number": "28", "symbol": "NQ/TU", "issuer": "Ban Thường vụ Thành ủy Hải Phòng", "date": "2009-11-10"}
    script.add(at("2022-01-04T08:30:00"), admin, "establish-programme", {
        "programme": PROGRAMME,
        "name_vi": "Nghị quyết 28-NQ/TU về thành lập tổ chức đảng, đoàn thể và phát triển đảng viên, đoàn viên, hội viên",
        "name_en": "Resolution 28-NQ/TU on founding Party organisations and mass organisations and admitting members",
        "issuer": city.id, "host_kinds": HOST_KINDS, "measures": measures(), "document": resolution,
    }, "programme")


def measures():
    def measure(key, vi, en, noun, by, organisations=(), memberships=(), of_which=()):
        return {"measure": key, "name_vi": vi, "name_en": en, "noun_vi": noun, "from": UNITS_FROM, "by": by, "flow": "gross",
                "organisation_kinds": list(organisations), "memberships": list(memberships), "host_kinds": HOST_KINDS,
                "of_which": list(of_which)}

    return [
        measure("party_org", "Thành lập tổ chức đảng", "Party organisations founded", "tổ chức", "founded", PARTY_KINDS),
        measure("union_org", "Thành lập tổ chức công đoàn", "Trade unions recognised", "tổ chức", "recognised", UNION_KINDS),
        measure("youth_org", "Thành lập tổ chức đoàn, hội thanh niên", "Youth organisations founded", "tổ chức", "founded", YOUTH_KINDS),
        measure("party_member", "Kết nạp đảng viên", "Party members admitted", "đảng viên", "admitted", memberships=["party"],
                of_which=["private_business_owner", "women", "worker"]),
        measure("youth_member", "Phát triển đoàn viên, hội viên thanh niên", "Youth members admitted", "đoàn viên, hội viên", "admitted",
                memberships=["youth_union", "youth_federation"], of_which=["women", "worker"]),
    ]


PRINCIPALS = {"party_org": "city/party", "party_member": "city/party", "union_org": "city/labour", "youth_org": "city/youth", "youth_member": "city/youth"}
PLAN_PAPERS = {"city/party": ("07", "412"), "city/labour": ("12", "388"), "city/youth": ("05", "297")}
HOLDERS = {"party_org": "{}", "party_member": "{}", "union_org": "{}/labour", "youth_org": "{}/youth", "youth_member": "{}/youth"}


def open_period(script, units, year, opened, papers, assigned):
    """Opens the year and assigns its targets: one paper of each assigner, a line on it for each target."""
    city = units["city/party"]
    script.add(at(opened), city.actor("admin"), "open-period", {
        "programme": PROGRAMME, "period": str(year), "first_day": f"{year}-01-01", "last_day": f"{year}-12-31",
        "principals": {measure: units[label].id for measure, label in PRINCIPALS.items()}, "document": None,
    }, f"period/{year}", paper=(city, "KH/TU", dt.datetime.fromisoformat(opened).date()))
    lines = {}
    for name, _, figures in rows():
        for measure in HOLDERS:
            plan = figures[f"{measure}_plan"]
            if not plan:
                continue
            assigner, holder = units[PRINCIPALS[measure]], units[HOLDERS[measure].format(name)]
            lines[assigner.label] = lines.get(assigner.label, 0) + 1
            paper_number = PLAN_PAPERS[assigner.label][year - 2022]
            document = {"number": paper_number, "symbol": "QĐ/GCT", "issuer": assigner.name, "date": papers, "line": lines[assigner.label]}
            moment = at(assigned) + dt.timedelta(seconds=37 * sum(lines.values()))
            label = f"target/{year}/{measure}/{holder.label}"
            script.add(moment, assigner.actor("supervisor"), "assign-target", {
                "programme": PROGRAMME, "measure": measure, "period": str(year), "holder": holder.id, "assigner": assigner.id,
                "value": target_value(year, measure, name, plan), "document": document}, label, after=f"period/{year}")


def target_value(year, measure, name, plan):
    """2022 as the table has it. 2023 is invented: about a tenth more, one of them a range and one "at least", as real plans have them."""
    if year == 2022:
        return {"exactly": plan}
    more = plan + max(number(f"plan/{measure}/{name}", 2), plan // 10)
    if (measure, name) == ("party_member", "Đảng ủy Khu kinh tế Hải Phòng"):
        return {"between": {"from": more, "to": more + 5}}
    if (measure, name) == ("union_org", "Huyện ủy Thủy Nguyên"):
        return {"at_least": more}
    return {"exactly": more}


def found(script, year, holder, count, kinds, command, label):
    """Foundings or recognitions, most Party and youth ones announced at a ceremony later."""
    for index in range(count):
        one = f"{label}/{index}"
        day = year.spread(label, index, count)
        kind = weighted(f"kind/{one}", kinds)
        data = {"unit": holder.id, "kind": kind, "host_kind": host_kind(holder, one), "basis": "new", "members": members_of(kind, one)}
        if command == "recognise-union":
            data["congress_on"] = (day - dt.timedelta(10 + number(f"congress/{one}", 15))).isoformat()
        if holder.place:
            data["place"] = holder.place
        script.add(year.recorded(day, one), holder.actor("office"), command, data | {"document": None}, one, paper=(holder, holder.symbol, day))
        if command == "found-organisation" and chance(f"announced/{one}", 70):
            held = year.ceremony_day(day)
            if held:
                script.add(year.recorded(held, f"{one}/announced", 3), holder.actor("office"), "announce-founding",
                           {"organisation": demo_id(f"command/{one}"), "held_on": held.isoformat()},
                           f"{one}/announced", after=one)


def host_kind(holder, one):
    foreign = 60 if "KKT" in holder.code else 15
    return weighted(f"host/{one}", list(zip(HOST_KINDS, [60, foreign, 8, 8])))


MEMBERS = {"party_cell_grassroots": (3, 15), "party_cell_subordinate": (3, 9), "party_organisation_grassroots": (30, 25),
           "grassroots_union": (6, 180), "occupational_union": (11, 60), "youth_branch": (4, 24), "grassroots_youth_union": (31, 40),
           "youth_federation_branch": (5, 30)}


def members_of(kind, one):
    least, width = MEMBERS[kind]
    return least + number(f"members/{one}", width)


def admit(script, year, holder, total, owners, memberships, singles_percent, batch_max, label):
    """A mix of single admissions and batches; most end in a ceremony, which counts nothing."""
    remaining, groups, index = total, [], 0
    while remaining:
        one = f"{label}/{index}"
        size = 1 if chance(f"single/{one}", singles_percent) else min(remaining, 2 + number(f"size/{one}", batch_max - 1))
        groups.append(size)
        remaining -= size
        index += 1
    placed = place_owners(groups, owners)
    for index, size in enumerate(groups):
        one = f"{label}/{index}"
        day = year.spread(label, index, len(groups))
        membership = weighted(f"membership/{one}", memberships)
        data = {"unit": holder.id, "membership": membership, "host_kind": host_kind(holder, one)}
        if holder.place:
            data["place"] = holder.place
        if size == 1:
            single(script, year, holder, data, day, one, owner=placed[index] == 1)
        else:
            batch(script, year, holder, data, day, one, size, placed[index])


def place_owners(groups, owners):
    """Business owners, at most one in a single and the rest in the largest group."""
    placed = [0] * len(groups)
    if owners:
        at_most = max(range(len(groups)), key=lambda i: (groups[i], -i)) if owners > 1 else groups.index(1) if 1 in groups else 0
        placed[at_most] = owners
    return placed


def single(script, year, holder, data, day, one, owner):
    traits = {}
    if chance(f"states-women/{one}", 70):
        traits["women"] = chance(f"woman/{one}", 45)
    if chance(f"states-worker/{one}", 50):
        traits["worker"] = not owner and chance(f"worker/{one}", 60)
    if owner:
        traits["private_business_owner"] = True
    if traits:
        data["traits"] = dict(sorted(traits.items()))
    script.add(year.recorded(day, one), holder.actor("office"), "admit-member", data | {"document": None}, one, paper=(holder, holder.symbol, day))
    held = day + dt.timedelta(3 + number(f"held/{one}", 25))
    if chance(f"ceremony/{one}", 88) and held <= year.last_ceremony:
        script.add(year.recorded(held, f"{one}/held", 3), holder.actor("office"), "hold-ceremony",
                   {"admission": demo_id(f"command/{one}"), "held_on": held.isoformat()}, f"{one}/held", after=one)


def batch(script, year, holder, data, day, one, size, owners):
    of_which = {}
    if chance(f"states-women/{one}", 75):
        of_which["women"] = number(f"women/{one}", size + 1)
    if chance(f"states-worker/{one}", 60):
        of_which["worker"] = number(f"workers/{one}", size - owners + 1)
    if owners:
        of_which["private_business_owner"] = owners
    data["count"] = size
    if of_which:
        data["of_which"] = dict(sorted(of_which.items()))
    script.add(year.recorded(day, one), holder.actor("office"), "admit-batch", data | {"document": None}, one, paper=(holder, holder.symbol, day))
    held = day + dt.timedelta(5 + number(f"held/{one}", 20))
    if chance(f"ceremony/{one}", 85) and held <= year.last_ceremony:
        received = size if chance(f"all/{one}", 80) else 1 + number(f"received/{one}", size)
        script.add(year.recorded(held, f"{one}/held", 3), holder.actor("office"), "hold-batch-ceremony",
                   {"batch": demo_id(f"command/{one}"), "received": received, "held_on": held.isoformat()},
                   f"{one}/held", after=one)


def record_after_new_year(script):
    """The last decision of some offices, dated 29 or 30 December, came to the ledger on the first two days of January."""
    late = {}
    for entry in script.entries:
        if entry["paper"] and entry["command"] in ("found-organisation", "recognise-union", "admit-member", "admit-batch"):
            kept = late.get(entry["data"]["unit"])
            if not kept or (entry["paper"][2], entry["label"]) > (kept["paper"][2], kept["label"]):
                late[entry["data"]["unit"]] = entry
    chosen = sorted(late.values(), key=lambda e: hashlib.sha256(e["label"].encode()).digest())[:9]
    followers = {entry["after"] for entry in script.entries}
    for index, entry in enumerate(e for e in chosen if e["label"] not in followers):
        unit, symbol, _ = entry["paper"]
        signed = dt.date(2022, 12, 29 + index % 2)
        entry["paper"] = (unit, symbol, signed)
        entry["at"] = office_time(dt.date(2023, 1, 1 + index % 2), entry["label"])
        if "congress_on" in entry["data"]:
            entry["data"]["congress_on"] = "2022-12-15"


def build():
    units, script = make_units(), Script()
    open_ledger(script, units)
    open_period(script, units, 2022, "2022-01-04T08:40:00", "2022-01-04", "2022-01-05T08:00:00")
    for name, kind, figures in rows():
        if kind == "industry_union":
            found(script, YEAR_2022, units[name], figures["union_org"], [("grassroots_union", 1)], "recognise-union", f"union_org/{name}")
            continue
        if figures["party_org_plan"] is None:
            continue
        party, youth, labour = units[name], units[f"{name}/youth"], units.get(f"{name}/labour")
        found(script, YEAR_2022, party, figures["party_org"],
              [("party_cell_grassroots", 5), ("party_cell_subordinate", 4), ("party_organisation_grassroots", 1)],
              "found-organisation", f"party_org/{name}")
        if labour:
            found(script, YEAR_2022, labour, figures["union_org"], [("grassroots_union", 19), ("occupational_union", 1)], "recognise-union",
                  f"union_org/{name}")
        found(script, YEAR_2022, youth, figures["youth_org"], [("youth_branch", 6), ("grassroots_youth_union", 1), ("youth_federation_branch", 3)],
              "found-organisation", f"youth_org/{name}")
        admit(script, YEAR_2022, party, figures["party_member"], figures["of_which_private_business_owner"], [("party", 1)], 78, 8, f"party_member/{name}")
        admit(script, YEAR_2022, youth, figures["youth_member"], 0, [("youth_union", 3), ("youth_federation", 2)], 35, 24, f"youth_member/{name}")
    record_after_new_year(script)
    open_period(script, units, 2023, "2022-12-20T08:30:00", "2022-12-20", "2022-12-21T08:00:00")
    lines = list(script.lines())
    check(lines)
    return lines, expected(units, lines)


def check(lines):
    """What the source and the script promise, before anything runs."""
    day = {"2023-01-01", "2023-01-02"}
    papers = set()
    for line in lines:
        document = line["data"].get("document")
        assert line["at"] < "2023-01-03T00:00:00+07:00", line
        assert line["at"][:10] < "2023-01-01" or line["at"][:10] in day, line
        assert "07:30" <= line["at"][11:16] < "17:30", line
        if document:
            assert document["date"] <= line["at"][:10], line
            paper = (line["command"], document["issuer"], document["symbol"], document["number"], document["date"][:4], document.get("line"))
            assert paper not in papers, paper
            papers.add(paper)
        assert line["data"].get("held_on", "") <= line["at"][:10], line
    assert sum(line["at"] > "2023-01-01T00:00:00+07:00" for line in lines) >= 3


def expected(units, lines):
    """The figures of 2022 as the tallies must give them, per measure and per unit, counted from the table and not from the script."""
    by_measure = {}
    for measure in HOLDERS:
        cells, outside = [], 0
        for name, _, figures in rows():
            plan, actual = figures[f"{measure}_plan"], figures[measure]
            if plan:
                status = "missed" if actual < plan else "exact" if actual == plan else "exceeded"
                cells.append({"committee": units[HOLDERS[measure].format(name)].id, "actual": actual, "plan": plan, "status": status})
            else:
                outside += actual or 0
        count = lambda word: sum(cell["status"] == word for cell in cells)
        actual, plan = sum(c["actual"] for c in cells), sum(c["plan"] for c in cells)
        tenths = (actual * 2000 + plan) // (2 * plan)
        by_measure[measure] = {
            "actual": actual, "plan": plan, "outside_plan": outside, "total": actual + outside, "percent": f"{tenths // 10},{tenths % 10}",
            "units": {"with_plan": len(cells), "met": count("exact") + count("exceeded"), "exceeded": count("exceeded"),
                      "exact": count("exact"), "missed": count("missed"), "not_due": 0, "not_reported": 0},
            "cells": cells}
    owners = sum(figures["of_which_private_business_owner"] or 0 for _, _, figures in rows())
    by_measure["party_member"]["of_which_private_business_owner"] = owners
    return {"programme": PROGRAMME, "period": "2022", "judged_on": lines[-1]["at"][:10], "records": len(lines), "measures": by_measure,
            "printed": {"party_org": "111,9", "union_org": "123,4", "youth_org": "117,07", "party_member": "128,3", "youth_member": "241,21"}}


def write_or_check(folder, lines, figures):
    """The two files of a demonstration; with --check nothing is written, and a difference ends the program."""
    files = {
        "commands.ndjson": "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines),
        "expected.json": json.dumps(figures, ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in files.items():
        if "--check" in sys.argv[1:]:
            if (folder / name).read_text(encoding="utf-8") != text:
                sys.exit(f"{folder.name}/{name} differs from what make_script.py writes; run it")
        else:
            (folder / name).write_text(text, encoding="utf-8")
    print(f"{len(lines)} commands", file=sys.stderr)


if __name__ == "__main__":
    write_or_check(HERE, *build())
