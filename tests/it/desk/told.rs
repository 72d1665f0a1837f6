//! What clients are told, and how a service ends.

use paidan::calendar::{Date, Label, Zone};
use paidan::desk::closing::{Left, confirmation, left, look_back, reminder, reminders};
use paidan::desk::event::{Draft as Written, Event, Head, Stream, seal};
use paidan::desk::life::{
    Billing, Crew, Happening, Life, Material, Node, Promise, Rating, Rework, Stage,
};
use paidan::desk::payload::Payload;
use paidan::desk::staffing::{Counts, counts};
use paidan::desk::told::{Visible, daily, untold, view};
use serde_json::json;

use super::demonstration;

const DAY: i64 = 86_400_000;

fn events(told: &[(i64, Happening)]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (at_ms, happening) in told {
        let (kind, payload) = happening.written().unwrap();
        let draft = Written { at_ms: *at_ms, actor: "li".to_owned(), kind, payload };
        let head = events.last().map_or(Head::NONE, Event::head);
        let position = events.len() as u64 + 1;
        events.push(seal(&Stream::new("ticket", "T"), head, position, draft));
    }
    events
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn judged(item: &str, found: Material) -> Happening {
    Happening::MaterialJudged { item: item.to_owned(), found, expires_ms: None }
}

fn returned(code: Rework) -> Happening {
    Happening::Returned { reason: "内部说明".to_owned(), code: Some(code) }
}

fn delivered() -> Happening {
    Happening::Delivered { steps: names(&["photo"]), tracking: Some("SF1".to_owned()) }
}

/// R073, R074: what a client has not heard of calls his material as people do.
#[test]
fn what_a_client_was_not_told_names_no_keys() {
    let late =
        Happening::ClientLate { items: names(&["licence", "seal"]), late_ms: 1, owed_ms: None };
    let called = |item: &str| match item {
        "licence" => Label::new("营业执照", "business licence"),
        other => Label::new(other, other),
    };
    let told = untold(&events(&[(DAY, late)]), &called).unwrap();
    let expected = Label::new(
        "材料迟到，日期顺延：营业执照、seal",
        "material came late, and the date moves: business licence, seal",
    );
    assert_eq!(told, [(Node::Risk, expected)]);
    // R072: that it came back may move his date, too; why is said inside alone.
    let told = untold(&events(&[(DAY, returned(Rework::Kind))]), &called).unwrap();
    let expected = Label::new("办理结果被退回，重新办理", "it came back and is done again");
    assert_eq!(told, [(Node::Risk, expected)]);
}

/// R059, R080, R194: three states, the date, what to bring, sign or pay; nothing of what stays
/// inside.
#[test]
fn a_client_sees_three_states_and_what_he_must_do() {
    let mut life = Life { stage: Stage::Dispatched, ..Life::default() };
    let tell = |life: &mut Life, happening: Happening| life.apply(DAY, "li", &happening);
    tell(&mut life, Happening::MaterialAsked { items: names(&["licence", "seal"]) });
    tell(&mut life, judged("seal", Material::Complete));
    life.promise = Some(Promise { finish_ms: 9 * DAY, plan: "p".to_owned(), late_before_ms: 0 });
    let what = "账目问题".to_owned();
    let (advice, is_sensitive) = ("由市场人员说明".to_owned(), true);
    // R194
    tell(&mut life, Happening::FindingNoted { what, advice, is_sensitive });
    let seen = view(&life).unwrap();
    assert_eq!(
        (seen.state, seen.to_bring),
        (Visible::UnderReview, vec![("licence".to_owned(), None)])
    );
    assert_eq!(seen.expected_ms, Some((9 * DAY, 9 * DAY)));
    life.stage = Stage::InProgress;
    assert_eq!(view(&life).unwrap().state, Visible::UnderReview);
    tell(&mut life, judged("licence", Material::Complete));
    assert_eq!(view(&life).unwrap().state, Visible::WithAgency);
    // R075, W12: in ten days, five more if a similar mark turns up.
    let (earliest_ms, latest_ms) = (10 * DAY, 15 * DAY);
    let reason = "近似商标".to_owned();
    let (earliest_ms, latest_ms, may_add_days) = (Some(earliest_ms), Some(latest_ms), None);
    tell(&mut life, Happening::ForecastMade { earliest_ms, latest_ms, may_add_days, reason });
    let seen = view(&life).unwrap();
    assert_eq!(seen.expected_ms, Some((10 * DAY, 15 * DAY)));
    assert_eq!(seen.because.as_deref(), Some("近似商标"));
    tell(&mut life, delivered());
    tell(&mut life, Happening::Billed(Billing::of(100)));
    let seen = view(&life).unwrap();
    assert_eq!((seen.state, seen.is_to_sign, seen.is_to_pay), (Visible::Ready, true, true));
    life.stage = Stage::CalledOff;
    assert_eq!(view(&life), None);
    let words =
        [Visible::UnderReview, Visible::WithAgency, Visible::Ready].map(|one| one.label().zh);
    assert_eq!(words, ["材料审核中", "部门审批中", "待领取"]);
}

/// R068, R070, R072, W11: done today, planned for tomorrow, wanted of the client; what happened
/// yesterday and what stays inside is not in it.
#[test]
fn a_daily_report_has_three_sections() {
    let told = [
        (0, Happening::Begun {}),
        (DAY, Happening::AgenciesSynced { state: "商务局已受理".to_owned() }),
        (DAY + 1, Happening::MaterialAsked { items: names(&["licence"]) }),
        (DAY + 2, returned(Rework::Format)),
        (
            DAY + 3,
            Happening::FindingNoted {
                what: "x".to_owned(),
                advice: "y".to_owned(),
                is_sensitive: true,
            },
        ),
    ];
    let tomorrow = [Label::new("提交", "submit")];
    let name = |item: &str| Label::new(format!("《{item}》"), item);
    let draft = daily(&events(&told), DAY, &tomorrow, (Zone::default(), &name)).unwrap();
    let zh = |list: &[Label]| list.iter().map(|label| label.zh.clone()).collect::<Vec<_>>();
    assert_eq!(zh(&draft.done), ["各部门进度：商务局已受理", "格式不符，当天重新办理"]);
    assert_eq!(zh(&draft.tomorrow), ["提交"]);
    assert_eq!(zh(&draft.client), ["请提供：《licence》"]);
}

/// R066, R199: what is caught in review and what escapes, who takes it at once.
#[test]
fn assignments_rejections_and_returns_are_counted() {
    let crew = |driver: &str| {
        let (liaison, reviewer) = ("mei".to_owned(), "wang".to_owned());
        Happening::Dispatched(Crew { driver: driver.to_owned(), liaison, reviewer })
    };
    let rejected = Happening::Rejected { reason: "非本专业".to_owned() };
    let told = [
        (1, crew("li")),
        (2, rejected),
        (3, crew("sun")),
        (4, Happening::Acknowledged {}),
        (5, returned(Rework::Kind)),
        (6, delivered()),
        (7, returned(Rework::Figures)),
        (8, returned(Rework::Figures)),
        (9, delivered()),
        (10, Happening::ClientChased {}),
        (11, Happening::OwnerChangeAsked { reason: "慢".to_owned() }),
    ];
    let mut counted = counts(&events(&told), |_| true).unwrap();
    let wanted = Counts {
        dispatched: 1,
        first_taken: 0,
        rejections: 1,
        owner_changes: 1,
        caught: 2,
        escaped: 1,
        delivered: 2,
        chases: 1,
    };
    assert_eq!(counted, wanted);
    let smooth = [(1, crew("li")), (2, Happening::Acknowledged {})];
    counted += counts(&events(&smooth), |_| true).unwrap();
    assert_eq!((counted.dispatched, counted.first_taken), (2, 1));
}

/// R083, R097, R199: a period counts what is in it, by what was before it: rejected and delivered
/// in March, what is taken in April is the second's, and what comes back has escaped.
#[test]
fn a_period_is_counted_by_what_was_before_it() {
    let crew = || {
        let (driver, liaison, reviewer) = ("li".to_owned(), "mei".to_owned(), "wang".to_owned());
        Happening::Dispatched(Crew { driver, liaison, reviewer })
    };
    let april = |at_ms: i64| at_ms >= DAY;
    let back = [
        (1, crew()),
        (2, Happening::Acknowledged {}),
        (3, delivered()),
        (DAY, returned(Rework::Kind)),
    ];
    let counted = counts(&events(&back), april).unwrap();
    assert_eq!((counted.caught, counted.escaped, counted.delivered), (0, 1, 0));
    let passed_on = [
        (1, crew()),
        (2, Happening::Rejected { reason: "非本专业".to_owned() }),
        (DAY, crew()),
        (DAY + 1, Happening::Acknowledged {}),
    ];
    let counted = counts(&events(&passed_on), april).unwrap();
    assert_eq!((counted.dispatched, counted.first_taken, counted.rejections), (1, 0, 0));
}

/// R085, R090, R091: the confirmation names the files that count; the retrospective is filled with
/// plan against actual and the steps that saved and lost time.
#[test]
fn confirmation_and_retrospective_are_filled_from_the_record() {
    let mut life = Life { stage: Stage::Delivered, ..Life::default() };
    life.promise = Some(Promise { finish_ms: 10 * DAY, plan: "p".to_owned(), late_before_ms: 0 });
    let filed = |digest: &str, supersedes: Option<&str>| Happening::DocumentFiled {
        name: "licence".to_owned(),
        digest: digest.to_owned(),
        supersedes: supersedes.map(str::to_owned),
    };
    let differed = |step: &str, days: i64, cause: &str| Happening::StepDiffered {
        step: step.to_owned(),
        saved_ms: days * DAY,
        cause: cause.to_owned(),
    };
    let rating = Rating { timeliness: 5, communication: 4, result: 5 };
    life.apply(8 * DAY, "li", &Happening::Delivered { steps: Vec::new(), tracking: None });
    for happening in [
        filed("a", None),
        filed("b", Some("a")),
        differed("accept", 2, "容缺受理"),
        differed("resolution", -1, "股东决议格式"),
        Happening::Signed { digest: None },
        Happening::Surveyed(rating),
    ] {
        life.apply(9 * DAY, "li", &happening);
    }
    let paper = confirmation(&life, "食品许可证");
    assert_eq!(paper.files, [("licence".to_owned(), "b".to_owned())]);
    assert_eq!((paper.signed_ms, paper.rating), (Some(9 * DAY), Some(rating)));
    let back = look_back(&life);
    // Owed on the tenth day, delivered on the eighth; that it was signed a day later is his.
    assert_eq!(back.early_ms, Some(2 * DAY));
    assert_eq!(back.well, ["accept: 容缺受理"]);
    assert_eq!(back.improve, ["resolution: 股东决议格式"]);
}

/// R086: after one, three and seven days.
#[test]
fn who_has_not_signed_is_reminded_step_by_step() {
    let ladder = demonstration().reminders.unwrap();
    let mut events = Vec::new();
    let mut happens = |at_ms: i64, kind: &str| {
        let (actor, kind) = ("li".to_owned(), kind.to_owned());
        let payload = Payload::of(&json!({})).unwrap();
        let head = events.last().map_or(Head::NONE, Event::head);
        let draft = Written { at_ms, actor, kind, payload };
        events.push(seal(&Stream::new("ticket", "T"), head, 0, draft));
        reminders(&ladder, &events).iter().map(|one| (one.at_ms, one.number)).collect::<Vec<_>>()
    };
    assert_eq!(happens(0, "ticket.reviewed"), []);
    let first = happens(5, "ticket.delivered");
    let [one, two, three] = [1, 3, 7].map(|days| 5 + days * DAY);
    assert_eq!(first, [(one, 1_002), (two, 1_004), (three, 1_008)]);
    assert_eq!(reminder(&ladder, 1_004), Some(&ladder[1]));
    assert_eq!(happens(DAY, "ticket.returned"), []);
    // Delivered again it is another ladder.
    assert_eq!(happens(2 * DAY, "ticket.delivered")[0], (3 * DAY, 2_003));
    assert_eq!(happens(3 * DAY, "ticket.signed"), []);
}

/// R099, R116: two a year, the third at the price agreed; another year begins anew.
#[test]
fn entitlements_are_counted_down_and_priced_beyond() {
    let desk = demonstration();
    let help = &desk.tier("vip").unwrap().entitlements[0];
    let day = |text: &str| Date::parse(text).unwrap().day();
    let used = ["2025-12-31", "2026-02-01", "2026-03-01"].map(day);
    assert_eq!(left(help, &used[..2], day("2026-03-09")), Left { count: 1, next_fen: None });
    let beyond = Left { count: 0, next_fen: Some(200_000) };
    assert_eq!(left(help, &used, day("2026-03-09")), beyond);
    assert_eq!(left(help, &used, day("2027-01-01")), Left { count: 2, next_fen: None });
}

/// R076, R193: what is learned, improved, kept and owed stands in the life.
#[test]
fn a_life_keeps_what_was_learned_kept_and_owed() {
    let mut life = Life { stage: Stage::Signed, ..Life::default() };
    let text = |text: &str| text.to_owned();
    for happening in [
        Happening::Suggested { what: text("日报早一点") },
        Happening::Improved { what: text("日报"), owner: text("mei"), effect: text("16:00") },
        Happening::ManualWritten { template: text("food-licence"), entry: text("容缺受理") },
        Happening::Billed(Billing::of(120_000)),
        Happening::ClientTold { node: Node::Answer, what: text("ok") },
    ] {
        life.apply(DAY, "li", &happening);
    }
    let beside = &life.beside;
    assert_eq!((beside.suggestions.len(), beside.improvements.len()), (1, 1));
    assert_eq!(
        (beside.manual.len(), beside.owed_fen, beside.heard_ms),
        (1, Some(120_000), Some(DAY))
    );
    life.apply(2 * DAY, "li", &Happening::Paid {});
    assert_eq!((life.beside.owed_fen, life.beside.billed_ms), (None, Some(DAY)));
}
