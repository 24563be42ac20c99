#!/usr/bin/env python3
"""Writes commands.ndjson and expected.json: how the ledger of the 2022 review goes on until the summer of 2025. Everything here is invented but for what README.md
names. Deterministic, as the script of the review, whose parts it uses.

    python3 make_script.py            writes both files beside itself
    python3 make_script.py --check    writes nothing; fails when they differ
"""

import datetime as dt
import importlib.util
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


def part_of(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


review = part_of(HERE.parent / "replay_2022" / "make_script.py", "review")
reorganisation = part_of(HERE / "reorganisation.py", "reorganisation")
at, demo_id, number, Unit, PROGRAMME = review.at, review.demo_id, review.number, review.Unit, review.PROGRAMME

# Public holidays of 2023: 2/1, Tết 20–26/1, Hùng Kings and 30/4 to 3/5, 1–4/9.
YEAR_2023 = review.Year(2023, [(1, 20), (1, 23), (1, 24), (1, 25), (1, 26), (5, 1), (5, 2), (5, 3), (9, 1), (9, 4)],
                        announced=[(2, 3), (5, 19), (9, 2), (11, 17)])
# The weeks after the reorganisation; the ledger stands at the end of them.
SUMMER_2025 = review.Year(2025, [], announced=[(8, 19)])
SUMMER_2025.workdays = [day for day in SUMMER_2025.workdays if dt.date(2025, 7, 7) <= day <= dt.date(2025, 8, 28)]
SUMMER_2025.last_ceremony = dt.date(2025, 8, 28)

CELLS = [("party_cell_grassroots", 5), ("party_cell_subordinate", 4), ("party_organisation_grassroots", 1)]
BRANCHES = [("youth_branch", 6), ("grassroots_youth_union", 1), ("youth_federation_branch", 3)]
UNIONS = [("grassroots_union", 19), ("occupational_union", 1)]
YOUTH = [("youth_union", 3), ("youth_federation", 2)]


def paper(number, symbol, issuer, date, **more):
    return {"number": number, "symbol": symbol, "issuer": issuer.name, "date": date} | more


def of(year):
    return {"programme": PROGRAMME, "period": str(year)}


def reporting(units):
    """The Party committees of 2022, in official order."""
    return [units[name] for name, kind, _ in review.rows() if kind != "industry_union"]


def report(script, units, year, day, begins):
    """Each committee reports, also when there is nothing; the city approves."""
    city = units["city/party"]
    for index, unit in enumerate(reporting(units)):
        moment = at(f"{day}T{begins}") + dt.timedelta(minutes=3 * index)
        nil = {"nil": True} if unit.name == "Huyện ủy Bạch Long Vĩ" else {}
        script.add(moment, unit.actor("office"), "submit-report", of(year) | {"unit": unit.id, "up_to": f"{year}-12-31"} | nil,
                   f"report/{year}/{unit.label}")
        script.add(moment + dt.timedelta(minutes=1), city.actor("supervisor"), "approve-report", of(year) | {"unit": unit.id, "number": 1},
                   f"report/{year}/{unit.label}/approved", after=f"report/{year}/{unit.label}")


def close(script, units, year, moment, document_number):
    city = units["city/party"]
    script.add(at(moment), city.actor("supervisor"), "close-period",
               of(year) | {"document": paper(document_number, "TB/TU", city, moment[:10])}, f"closing/{year}")


def published(script, units):
    """Two texts about 2022, as they might be recorded: one claim differs only by rounding (DOMAIN §1.1), one cannot follow."""
    city = units["city/party"]
    texts = [
        ("2023-01-04T08:40:00", "Cổng thông tin minh họa", "Kết quả thực hiện nghị quyết năm 2022", {"at": "2023-01-03T06:00:00Z"}, [
            "Toàn thành phố thành lập được 47/42 tổ chức đảng, đạt 111,9% kế hoạch; 16/16 đảng bộ hoàn thành và vượt chỉ tiêu, trong đó 4/16 đảng bộ vượt.",
            "Phát triển đoàn viên, hội viên thanh niên đạt 241,21% kế hoạch (1.071/444)."]),
        ("2023-01-06T09:05:00", "Bản tin minh họa", "Điểm tin về xây dựng tổ chức đảng", {"on": "2023-01-05"}, [
            "Thành lập 47/42 tổ chức đảng, 16/16 đảng bộ hoàn thành chỉ tiêu, trong đó 6/16 đảng bộ vượt.",
            "Kết quả thành lập tổ chức đảng: Lê Chân 4/3, Hồng Bàng 4/3."]),
    ]
    for moment, outlet, title, printed, sentences in texts:
        script.add(at(moment), city.actor("supervisor"), "publish", {
            "outlet": outlet, "title": title, "printed": printed, "sentences": sentences} | of(2022), f"published/{title}")


def late_and_corrected(script, units, lines):
    """What came to the ledger after 2022 was closed. The year as known then: 48/42, and the youth members two fewer."""
    lao = units["Huyện ủy An Lão"]
    script.add(at("2023-02-10T09:12:00"), lao.actor("office"), "found-organisation", {
        "unit": lao.id, "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 4, "place": lao.place,
        "late": True, "document": paper("96", lao.symbol, lao, "2022-12-20")}, "late/founding")
    batch, holder, count = youth_batch(units, lines)
    for moment, count in (("2023-02-15T10:05:00", count - 1), ("2023-03-20T14:40:00", count - 2)):
        script.add(at(moment), holder.actor("office"), "correct-batch", {"batch": batch, "reason": "typo", "count": count, "late": True},
                   f"late/batch/{count}")
    for name, scope, signed in (("Huyện ủy Thủy Nguyên", "from_start", "2023-02-20"), ("Quận ủy Hải An", "from_date", "2023-02-22")):
        unit = units[name]
        script.add(at(f"{signed}T15:30:00"), unit.actor("office"), "revoke-admission", {
            "admission": single_of(unit, lines), "scope": scope, "late": True,
            "document": paper("97", unit.symbol, unit, signed)}, f"late/revoked/{scope}")


def youth_batch(units, lines):
    """The first batch of ten or more in Hồng Bàng of which fewer were received and counted than two below its size."""
    holder = units["Quận ủy Hồng Bàng/youth"]
    received = {}
    for line in lines:
        if line["command"] == "hold-batch-ceremony":
            received[line["data"]["batch"]] = received.get(line["data"]["batch"], 0) + line["data"]["received"]
    for line in lines:
        data = line["data"]
        if line["command"] == "admit-batch" and data["unit"] == holder.id and data["count"] >= 10:
            if max([received.get(line["key"], 0), *data.get("of_which", {}).values()]) <= data["count"] - 2:
                return line["key"], holder, data["count"]
    raise AssertionError("no such batch")


def single_of(unit, lines):
    """The first single admission after the winter of someone who is no owner."""
    return next(line["key"] for line in lines if line["command"] == "admit-member" and line["data"]["unit"] == unit.id
                and line["at"] >= "2022-03" and "private_business_owner" not in line["data"].get("traits", {}))


def year_2023(script, units, lines):
    """Decisions of 2023, about as many as planned; their places are wards where the ledger knows wards."""
    targets = {(line["data"]["measure"], line["data"]["holder"]): line["data"]["value"] for line in lines
               if line["command"] == "assign-target" and line["data"]["period"] == "2023"}

    def done(measure, holder):
        value = targets.get((measure, holder.id))
        if value is None:
            return 0
        planned = value.get("exactly") or value.get("at_least") or value["between"]["from"]
        return max(0, planned + [-1, 0, 0, 1, 2][number(f"2023/{measure}/{holder.label}", 5)])

    for name, kind, figures in review.rows():
        if kind == "industry_union" or not figures["party_org_plan"]:
            continue
        party, youth, labour = units[name], units[f"{name}/youth"], units.get(f"{name}/labour")
        review.found(script, YEAR_2023, party, done("party_org", party), CELLS, "found-organisation", f"2023/party_org/{name}")
        review.found(script, YEAR_2023, youth, done("youth_org", youth), BRANCHES, "found-organisation", f"2023/youth_org/{name}")
        review.admit(script, YEAR_2023, party, done("party_member", party), 0, [("party", 1)], 60, 8, f"2023/party_member/{name}")
        review.admit(script, YEAR_2023, youth, done("youth_member", youth), 0, YOUTH, 15, 24, f"2023/youth_member/{name}")
        if labour:
            review.found(script, YEAR_2023, labour, done("union_org", labour), UNIONS, "recognise-union", f"2023/union_org/{name}")
    cat_hai, city = units["Huyện ủy Cát Hải"], units["city/party"]
    document = paper("211", "QĐ/GCT", city, "2023-08-15")
    value = {"exactly": targets["party_member", cat_hai.id]["exactly"] - 2}
    script.add(at("2023-08-16T09:00:00"), city.actor("supervisor"), "adjust-target",
               of(2023) | {"measure": "party_member", "holder": cat_hai.id, "assigner": city.id, "value": value, "document": document},
               "2023/adjusted")


def wards_as_places(script):
    """A decision of 2023 and later says in which ward the host is, where the ledger knows the wards of the district."""
    wards = {}
    for ward in reorganisation.WARDS:
        wards.setdefault(ward.district_code, []).append(ward.code)
    for entry in script.entries:
        known = wards.get(entry["data"].get("place"), [])
        if known and entry["label"].startswith("2023/"):
            entry["data"]["place"] = known[number(f"ward/{entry['label']}", len(known))]


def structure(script, units, steps, moment, document, label):
    admin = units["city/party"].actor("admin")
    script.add(at(moment), admin, "change-structure", {"document": document, "changes": steps}, label)


def reorganise(script, units):
    city = units["city/party"]
    wards = reorganisation.create_wards(units)
    structure(script, units, wards, "2023-01-09T08:30:00", paper("15", "QĐ/TU", city, "2023-01-09"), "structure/wards")
    structure(script, units, reorganisation.wards_of_2024(units), "2024-11-25T09:00:00", paper("301", "QĐ/TU", city, "2024-11-22"),
              "structure/2024")
    structure(script, units, reorganisation.january_2025(units), "2024-12-20T09:00:00", paper("322", "QĐ/TU", city, "2024-12-18"),
              "structure/2025-01")
    structure(script, units, reorganisation.february_2025(units), "2025-01-20T09:00:00", paper("12", "QĐ/TU", city, "2025-01-17"),
              "structure/2025-02")
    structure(script, units, reorganisation.july_2025(units), "2025-06-25T09:00:00", paper("98", "QĐ/TU", city, "2025-06-24"),
              "structure/2025-07")


def summer_2025(script, units):
    """The period 2025 under the new units: n is another one than before, and the unions have no target."""
    city, labour, youth = units["city/party"], units["city/labour"], units["city/youth"]
    principals = {measure: units[label].id for measure, label in review.PRINCIPALS.items()}
    script.add(at("2025-07-02T08:00:00"), city.actor("admin"), "open-period", of(2025) | {
        "first_day": "2025-01-01", "last_day": "2025-12-31", "principals": principals,
        "document": paper("104", "KH/TU", city, "2025-07-02")}, "period/2025")
    lines = 0
    for party, young in reorganisation.holders_of_2025(units):
        for measure, holder, assigner, paper_number in (("party_org", party, city, "107"), ("party_member", party, city, "107"),
                                                        ("youth_org", young, youth, "61"), ("youth_member", young, youth, "61")):
            plan = reorganisation.plan_of_2025(measure, holder)
            lines += 1
            script.add(at("2025-07-03T08:00:00") + dt.timedelta(seconds=41 * lines), assigner.actor("supervisor"), "assign-target", of(2025) | {
                "measure": measure, "holder": holder.id, "assigner": assigner.id, "value": {"exactly": plan},
                "document": paper(paper_number, "QĐ/GCT", assigner, "2025-07-03", line=lines)},
                       f"target/2025/{measure}/{holder.label}", after="period/2025")
        begun = number(f"2025/{party.label}", 2)
        review.found(script, SUMMER_2025, party, begun, CELLS, "found-organisation", f"2025/party_org/{party.label}")
        review.found(script, SUMMER_2025, young, 1 - begun, BRANCHES, "found-organisation", f"2025/youth_org/{young.label}")
        review.admit(script, SUMMER_2025, party, 1 + number(f"2025/members/{party.label}", 5), 0, [("party", 1)], 70, 4,
                     f"2025/party_member/{party.label}")
        review.admit(script, SUMMER_2025, young, 2 + number(f"2025/members/{young.label}", 9), 0, YOUTH, 15, 9,
                     f"2025/youth_member/{young.label}")
    review.found(script, SUMMER_2025, labour, 7, UNIONS, "recognise-union", "2025/union_org")


def build():
    lines, _ = review.build()
    units = review.make_units()
    reorganisation.add_units(units)
    script = review.Script()
    admin = units["city/party"].actor("admin")
    script.add(at("2022-01-04T08:00:00"), admin, "open-ledger", {"name": "haiphong-2025", "demonstration": True}, "open-ledger")
    report(script, units, 2022, "2023-01-03", "07:31:00")
    close(script, units, 2022, "2023-01-03T11:30:00", "01")
    published(script, units)
    late_and_corrected(script, units, lines)
    year_2023(script, units, lines)
    wards_as_places(script)
    report(script, units, 2023, "2024-01-03", "07:31:00")
    close(script, units, 2023, "2024-01-05T10:00:00", "02")
    reorganise(script, units)
    summer_2025(script, units)
    made = list(script.lines())
    assert made[0]["command"] == "open-ledger" and made[1]["at"] > lines[-1]["at"], made[1]
    assert all(line["at"] < "2025-09-01" for line in made), made[-1]
    return made, expected(lines, made)


def expected(lines, made):
    """What the three lenses must say of 2022, as far as it can be told without a fold."""
    closing = next(index for index, line in enumerate(made) if line["command"] == "close-period")
    return {
        "records": len(lines) + len(made) - 1,
        "closing_2022": len(lines) + closing,
        "reported": {"party_org": "47/42", "union_org": "174/141", "youth_org": "48/41", "party_member": "449/350", "youth_member": "1071/444"},
        "known_since": {"party_org": "48/42", "party_member": "448/350", "youth_member": "1069/444"},
        "late_committee": {"name": "Huyện ủy An Lão", "reported": "2/2", "known": "3/2"},
    }


if __name__ == "__main__":
    review.write_or_check(HERE, *build())
