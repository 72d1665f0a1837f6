"""A peer that lies: paidan's own plan with one step moved to before its ticket is there, at no cost.

Called by the scripts of `benches/peers` as they call any peer.
"""

import json
import sys
from pathlib import Path

scenario, _, plan, result = sys.argv[1:5]
made = json.loads(Path(scenario).with_suffix(".paidan.json").read_text(encoding="utf-8"))
made["steps"][0].update(start="2000-01-03T09:00+08:00", end="2000-01-03T10:00+08:00", pieces=[])
Path(plan).write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
told = {"objective": 0, "bound": 0, "status": "OPTIMAL", "versions": {"liar": "1"},
        "start": 0, "seconds": 0.1}
Path(result).write_text(json.dumps(told), encoding="utf-8")
