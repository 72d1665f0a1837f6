//! Random commands of every kind: no panic, no state a rule forbids, and replaying gives the same.

use std::collections::BTreeSet;

use paidan::desk::clock::Wait;
use paidan::desk::decide::{Asker, Budget, Rules, decide};
use paidan::desk::event::{Draft, Event, Head, Stream, seal};
use paidan::desk::life::{
    Assessment, Billing, Cause, Confirmed, Crew, Defect, Degree, Feasible, Finder, Happening,
    KINDS, Life, Loss, Material, Matter, Mended, Node, Rating, Rework, Source, Stage, Verdict,
};
use paidan::desk::watch::under_way;
use paidan::policy::desk::{Approval, Post};
use paidan::solver::rng::Rng;
use paidan::time::Money;

const DAY: i64 = 86_400_000;
const NAMES: [&str; 5] = ["li", "sun", "wang", "mei", "boss"];

fn rules() -> Rules {
    let text = |text: &str| vec![text.to_owned()];
    Rules {
        checklist: text("rate"),
        delivery: text("photo"),
        kick_off: text("contact"),
        materials: text("licence"),
        approvals: vec![Approval {
            service: "tax-refund".to_owned(),
            urgent: None,
            limit_fen: Some(Money(100)),
            is_limit_included: Some(false),
            amount: None,
            post: Post::DepartmentManager,
        }],
        regulation: Some("v1".to_owned()),
        budget: Some(Budget { most: 2, since_ms: 0 }),
        ..Rules::default()
    }
}

fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    let count = i64::try_from(list.len()).unwrap();
    list[usize::try_from(rng.range(0, count)).unwrap()]
}

fn assessment() -> Assessment {
    Assessment {
        cause: Cause::Contract,
        losses: vec![Loss::Deal],
        degree: Degree::Grave,
        wished_ms: None,
        needed_ms: Some(DAY),
        has_notice: true,
        stuck_at: "a".to_owned(),
        reach_today: "b".to_owned(),
    }
}

/// What leads a ticket through its stages.
fn onward(rng: &mut Rng) -> Happening {
    let some = |word: &str| word.to_owned();
    let list = |word: &str| vec![word.to_owned()];
    let verdict = || Verdict { answer: Feasible::Yes, evidence: "plan".to_owned() };
    match rng.range(0, 18) {
        0 => Happening::Assessed(assessment()),
        1 => Happening::Weighed {
            people: verdict(),
            process: verdict(),
            tools: verdict(),
            risk: verdict(),
        },
        2 => Happening::Quoted { quote: some("q") },
        3 => Happening::Accepted {
            quote: some("q"),
            option: some("o"),
            plan: some("p"),
            finish_ms: DAY,
        },
        4 | 5 => Happening::Dispatched(Crew {
            driver: some(pick(rng, &NAMES)),
            liaison: some("mei"),
            reviewer: some(pick(rng, &NAMES)),
        }),
        6 => Happening::Acknowledged {},
        7 => Happening::Begun {},
        8 => Happening::MaterialAsked { items: list("licence") },
        9 => Happening::MaterialJudged {
            item: some("licence"),
            found: Material::Complete,
            expires_ms: None,
        },
        10 => Happening::SelfChecked { items: list("rate") },
        11 => Happening::Reviewed { items: list("rate") },
        12 => Happening::Delivered { steps: list("photo"), tracking: None },
        13 => Happening::Signed { digest: None },
        14 => Happening::Surveyed(Rating { timeliness: 5, communication: 5, result: 5 }),
        15 => Happening::LookedBack { well: some("a"), improve: some("b") },
        16 => Happening::Archived { keep_until_ms: rng.range(0, 2_000) * DAY },
        // Rare: who is to be replaced goes on with nothing, and few histories came to their end.
        _ if rng.chance(4) => Happening::OwnerChangeAsked { reason: some("slow") },
        _ => Happening::Acknowledged {},
    }
}

/// What stands beside them.
fn aside(rng: &mut Rng) -> Happening {
    let some = |word: &str| word.to_owned();
    match rng.range(0, 16) {
        0 if rng.chance(150) => Happening::ApprovalAsked { amount_fen: rng.range(-1, 99) },
        1 => Happening::Approved {},
        2 => Happening::RegulationChecked { version: some(pick(rng, &["v0", "v1", "v1", "v1"])) },
        3 if rng.chance(150) => Happening::Blocked { reason: some("x"), until_ms: None },
        4 => Happening::BlockReported { to: Post::DepartmentManager },
        5 => Happening::BlockReported { to: Post::Marketing },
        6 => Happening::Unblocked {},
        7 => Happening::ClientTold { node: Node::Key, what: some("x") },
        8 => Happening::Overridden {
            rule: some(pick(rng, &["D021", "D023", "D030"])),
            reason: some("x"),
            until_ms: rng.range(0, 900) * DAY,
        },
        9 => Happening::DocumentFiled {
            name: some("licence"),
            digest: some(pick(rng, &["a", "b"])),
            supersedes: rng.chance(500).then(|| some("a")),
        },
        10 => Happening::ForecastMade {
            earliest_ms: Some(rng.range(0, 9)),
            latest_ms: Some(rng.range(0, 9)),
            may_add_days: None,
            reason: some("x"),
        },
        11 => Happening::Rejected { reason: some("x") },
        12 if rng.chance(150) => Happening::Returned { reason: some("x"), code: None },
        13 => Happening::Billed(Billing {
            amount_fen: rng.range(-1, 4),
            replaces_fen: Some(rng.range(0, 4)).filter(|fen| *fen > 0),
        }),
        14 => Happening::Paid {},
        _ => Happening::KickedOff { steps: vec![some("contact")] },
    }
}

/// Everything else that can happen.
fn rest(rng: &mut Rng, now_ms: i64) -> Happening {
    let some = |word: &str| word.to_owned();
    let list = |word: &str| vec![word.to_owned()];
    let for_material = false;
    let wait = [Wait::Client, Wait::Agency, Wait::Partner, Wait::Payment]
        [usize::try_from(rng.range(0, 4)).unwrap()];
    let crew = Crew {
        driver: some(pick(rng, &NAMES)),
        liaison: some("mei"),
        reviewer: some(pick(rng, &NAMES)),
    };
    match rng.range(0, 22) {
        0 => Happening::Contacted(Confirmed::default()),
        1 if rng.chance(700) => Happening::Refused { red_line: some("RL-1"), alternative: None },
        1 if rng.chance(100) => Happening::CalledOff { reason: some("x"), settled: None },
        2 => Happening::Redirected { slack_ms: Some(rng.range(-1, 9)) },
        3 => Happening::received(list("licence")),
        4 => Happening::MaterialPrechecked { item: some("licence"), found: Material::Complete },
        5 => Happening::ManagerAsked {},
        6 => Happening::WaitBegun { wait, for_material, until_ms: None },
        7 | 8 => Happening::WaitOver { wait, for_material },
        9 if rng.chance(150) => Happening::AnomalyRaised { what: some("x"), until_ms: None },
        10 | 11 => {
            Happening::AnomalyAnswered { cause: some("x"), remedy: some("y"), is_client_told: true }
        }
        12 => Happening::Reassigned { crew, reason: some("ill") },
        13 => Happening::ClientDue {
            items: list("licence"),
            by_ms: now_ms + rng.range(-1, 9) * DAY / 10,
        },
        14 => Happening::ClientLate { items: list("licence"), late_ms: 1, owed_ms: None },
        15 => Happening::VisitProposed {
            at_ms: rng.range(0, 900) * DAY,
            is_on_site: rng.chance(500),
            matters: some("x"),
        },
        16 => Happening::VisitAgreed {},
        17 => Happening::VisitMade {},
        18 => Happening::CallMissed {},
        19 => Happening::CallReturned {},
        20 => {
            let (plan, finish_ms) = (some("q"), rng.range(0, 300) * DAY);
            Happening::PromiseMoved { plan, finish_ms, quote: rng.chance(500).then(|| some("q")) }
        }
        _ => word(rng),
    }
}

/// What is only said.
fn word(rng: &mut Rng) -> Happening {
    let some = |word: &str| word.to_owned();
    match rng.range(0, 23) {
        0 => Happening::PassedToSpecialist { reason: some("tax") },
        1 => Happening::PassedToDirector { reason: some("two departments") },
        2 => Happening::SolutionGiven { what: some("x") },
        3 => Happening::MeetingHeld { plan: some("p") },
        4 => Happening::OnSiteCalled {},
        5 => Happening::OnSiteArrived {},
        6 => Happening::CompanyKnown {},
        7 => Happening::GuidedOnSite {},
        8 => Happening::AgenciesSynced { state: some("taken in") },
        9 => Happening::DailyReported { digest: some("d") },
        10 => Happening::ClientChased {},
        11 => Happening::StepDiffered {
            step: some("file"),
            saved_ms: rng.range(-9, 9),
            cause: some("queue"),
        },
        12 => Happening::EvidenceFiled { source: Source::Chat, digest: some("d"), at_ms: 0 },
        13 => Happening::FindingNoted {
            what: some("x"),
            advice: some("y"),
            is_sensitive: rng.chance(500),
        },
        14 => Happening::Suggested { what: some("x") },
        15 => Happening::Improved { what: some("x"), owner: some("mei"), effect: some("y") },
        16 => Happening::ManualWritten { template: some("filing"), entry: some("x") },
        17 => Happening::Answered(Matter { what: some("x") }),
        18 => Happening::Linked { to: some("T-0") },
        19 => Happening::DefectFound(Defect {
            code: Rework::Figures,
            reason: some("x"),
            found_by: Finder::Client,
            follow_up: rng.chance(500).then(|| some("T-9")),
            needs_none: rng.chance(500).then(|| some("x")),
        }),
        20 => Happening::DefectMended(Mended { how: some("x"), number: None }),
        21 => Happening::Assisted(Matter { what: some("x") }),
        _ => Happening::ClientChased {},
    }
}

/// What no accepted command leads to: R040, R043, R049, R052, R075, R077, R081, R191.
fn holds(life: &Life, rules: &Rules) {
    let is_driven = life.crew.as_ref().is_none_or(|crew| crew.driver != crew.reviewer);
    assert!(is_driven, "driver and reviewer are two");
    if life.stage >= Stage::Accepted && life.stage != Stage::CalledOff {
        assert!(life.promise.as_ref().is_some_and(|promise| !promise.plan.is_empty()));
    }
    if matches!(life.stage, Stage::Reviewed | Stage::Delivered | Stage::Signed) {
        let crew = life.crew.as_ref().unwrap();
        assert_ne!(life.checked_by.as_ref(), Some(&crew.reviewer), "nobody passes his own work");
        assert!(!life.drove.contains(&crew.reviewer), "nor what he did before");
        let is_checked = rules.regulation.is_none() || life.beside.regulation.is_some();
        assert!(is_checked && life.is_material_done());
    }
    if life.stage == Stage::Acknowledged {
        let crew = life.crew.as_ref().unwrap();
        assert!(!life.excluded.contains(&crew.driver) || life.is_owner_leaving);
    }
    let is_waiting = life.waits.contains(&Wait::Client);
    assert_eq!(is_waiting, life.is_short || life.is_awaiting, "R029: each wait has its reason");
    let forecast = life.beside.forecast.as_ref();
    assert!(forecast.is_none_or(|one| one.earliest_ms <= one.latest_ms));
    assert!(life.keep_until_ms.is_none_or(|until| until >= 3 * 365 * DAY));
    assert!(life.beside.set_aside.iter().all(|one| one.rule != "D021"));
}

/// R067: a ticket has duties from the promise until the client has the result, whatever happened.
fn has_duties_while_promised(events: &[Event]) {
    let mut life = Life::default();
    for (row, event) in events.iter().enumerate() {
        life.apply(event.at_ms, &event.actor, &Happening::read(event).unwrap().unwrap());
        let is_open = under_way(&events[..=row]).last().is_some_and(|span| span.1.is_none());
        let is_promised = life.stage.is_promised() && life.stage != Stage::Delivered;
        assert_eq!(is_open, is_promised, "{} at {:?}", event.kind, life.stage);
    }
}

#[test]
fn no_accepted_command_leads_to_what_a_rule_forbids() {
    let stream = Stream::new("ticket", "T");
    let (mut reached, mut drawn, mut recorded) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for seed in 0..40 {
        let mut rng = Rng::new(seed, 6_000);
        // Every other history needs neither approval nor a regulation, and so gets further.
        let mut rules = rules();
        if seed % 2 == 0 {
            (rules.approvals, rules.regulation) = (Vec::new(), None);
        }
        let (mut life, mut events) = (Life::default(), Vec::<Event>::new());
        for round in 0..3_000 {
            let is_after =
                matches!(life.stage, Stage::Signed | Stage::Surveyed | Stage::LookedBack);
            let wish = match rng.range(0, 19) {
                // Little time is left for what is said at the end.
                0..=9 if is_after => word(&mut rng),
                0..=14 => onward(&mut rng),
                15 | 16 => aside(&mut rng),
                _ => rest(&mut rng, round * DAY / 10),
            };
            drawn.insert(wish.kind());
            let actor = pick(&mut rng, &NAMES);
            let is_manager = actor == "boss";
            let posts = [Post::DepartmentManager, Post::Marketing, Post::Director].into_iter();
            let asker = Asker {
                actor: actor.to_owned(),
                is_manager,
                is_through_the_same: false,
                posts: posts.filter(|_| is_manager).collect(),
                now_ms: round * DAY / 10,
            };
            for happening in decide(&life, wish, &rules, &asker).unwrap_or_default() {
                life.apply(asker.now_ms, actor, &happening);
                let (kind, payload) = happening.written().unwrap();
                recorded.insert(kind.clone());
                let (at_ms, actor) = (asker.now_ms, actor.to_owned());
                let draft = Draft { at_ms, actor, kind, payload };
                let head = events.last().map_or(Head::NONE, Event::head);
                events.push(seal(&stream, head, events.len() as u64 + 1, draft));
            }
            holds(&life, &rules);
            reached.insert(life.stage);
        }
        assert_eq!(Life::of(&events).unwrap(), life, "seed {seed}");
        has_duties_while_promised(&events);
    }
    assert!(reached.contains(&Stage::Delivered) && reached.len() > 10, "{reached:?}");
    let missing: Vec<&&str> = KINDS.iter().filter(|kind| !drawn.contains(**kind)).collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
    let missing: Vec<&&str> = KINDS.iter().filter(|kind| !recorded.contains(**kind)).collect();
    assert!(missing.is_empty(), "never on record: {missing:?}");
}
