"""What is told of a comparison: CSV and Markdown. 比较结果表."""

import csv
import json
import os
import platform
from datetime import date

FIELDS = ("scenario", "peer", "seconds", "took", "cost", "objective", "bound", "start",
          "violations", "unserved", "paidan", "status", "versions")


def verdict(text):
    """Cost in fen and the number of violations, from what `paidan verify` prints."""
    told = json.loads(text)
    unserved = sum(not row["served"] for row in told["tickets"])
    return {"cost": told["bill"]["total_fen"], "violations": len(told["violations"]),
            "unserved": unserved}


def machine():
    """The machine in a line: kind, cores, what it is busy with."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}, "
            f"Python {platform.python_version()}, {date.today()}")


def yuan(fen):
    """Fen as yuan, or a dash."""
    return "–" if fen is None else f"{fen / 100:,.2f}"


def markdown(rows):
    """The table for people, in yuan; `×` is cost over paidan's."""
    out = ["| scenario | peer | seconds | cost 元 | × | own objective | bound | first answer | "
           "left out | violations | status |", "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"]
    for row in rows:
        cost, ours = row.get("cost"), row["paidan"]
        comparable = cost is not None and ours and not row["violations"]
        ratio = f"{cost / ours:.2f}" if comparable else "–"
        cells = (row["scenario"], row["peer"], f"{row.get('took', row['seconds']):g}", yuan(cost),
                 ratio, yuan(row.get("objective")), yuan(row.get("bound")), yuan(row.get("start")),
                 row.get("unserved", "–"), row.get("violations", "–"), row.get("status") or "")
        out.append("| " + " | ".join(map(str, cells)) + " |")
    versions = sorted({row["versions"] for row in rows if row.get("versions")})
    return "\n".join([*out, "", f"{machine()}; {'; '.join(versions)}"])


def write(folder, rows):
    """Writes `results.csv` and `results.md`."""
    with open(folder / "results.csv", "w", newline="", encoding="utf-8") as file:
        sheet = csv.DictWriter(file, (*FIELDS, "machine"), restval="", extrasaction="ignore")
        sheet.writeheader()
        sheet.writerows({**row, "machine": machine()} for row in rows)
    (folder / "results.md").write_text(markdown(rows) + "\n", encoding="utf-8")
