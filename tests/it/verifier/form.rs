//! Plans that cannot be read as written.

use super::{broken, clean, judged, one, pieced, plan, row, rules, single, with};
use serde_json::json;

#[test]
fn unknown_names_are_named() {
    let scenario = one(json!({}));
    let good = || row("t/a", &["ana"], "02T09:00", "02T10:00");
    let bad = [
        plan(json!([good(), row("x/a", &["ana"], "02T09:00", "02T10:00")])),
        plan(json!([good(), row("t/x", &["ana"], "02T09:00", "02T10:00")])),
        plan(json!([row("t/a", &["nobody"], "02T09:00", "02T10:00")])),
        with(plan(json!([good()])), json!({"unserved": [{"ticket": "x"}]})),
        with(
            plan(json!([good()])),
            json!({"released": [{"ticket": "t", "step": "x", "rule": "H3"}]}),
        ),
        with(plan(json!([good()])), json!({"format": "paidan-plan/9"})),
    ];
    for plan in bad {
        assert_eq!(rules(&judged(&scenario, &plan)), ["form"], "{plan}");
    }
}

#[test]
fn what_is_said_twice_is_refused() {
    let scenario = one(json!({}));
    let good = || row("t/a", &["ana"], "02T09:00", "02T10:00");
    assert_eq!(rules(&judged(&scenario, &plan(json!([good(), good()])))), ["form"]);
    let listed = json!({"unserved": [{"ticket": "t"}, {"ticket": "t"}]});
    assert_eq!(rules(&judged(&scenario, &with(plan(json!([])), listed))), ["form"]);
}

#[test]
fn seats_ends_and_pieces_must_make_sense() {
    let scenario = one(json!({}));
    assert_eq!(broken(&judged(&scenario, &single(&[], "02T09:00", "02T10:00"))), [("form", 1)]);
    let crowd = single(&["ana", "bo", "cy"], "02T09:00", "02T10:00");
    assert_eq!(broken(&judged(&scenario, &crowd)), [("form", 2)]);
    let mut endless = single(&["ana"], "02T09:00", "02T10:00");
    endless["steps"][0].as_object_mut().unwrap().remove("end");
    assert_eq!(broken(&judged(&scenario, &endless)), [("form", 1)]);
    let backwards = single(&["ana"], "02T10:00", "02T09:00");
    assert_eq!(broken(&judged(&scenario, &backwards)), [("form", 60)]);
    let doubled = plan(json!([pieced(
        row("t/a", &["ana"], "02T09:00", "02T10:00"),
        &[("02T09:00", "02T09:40"), ("02T09:30", "02T10:00")]
    )]));
    assert_eq!(broken(&judged(&scenario, &doubled)), [("form", 10)]);
}

#[test]
fn a_plan_is_read_in_its_own_zone_and_offsets_win() {
    let scenario = one(json!({}));
    // 02:00 in UTC is 10:00 in Shanghai
    let mut planned = single(&["ana"], "02T02:00", "02T03:00");
    planned["zone"] = json!("UTC");
    let report = judged(&scenario, &planned);
    clean(&report);
    assert_eq!(report.tickets[0].finish_at.unwrap().to_string(), "2026-03-02T11:00+08:00");
    planned["steps"][0]["start"] = json!("2026-03-02T10:00+08:00");
    clean(&judged(&scenario, &planned));
}

#[test]
fn an_empty_plan_for_an_empty_queue_is_clean() {
    clean(&judged(&super::firm(), &plan(json!([]))));
}
