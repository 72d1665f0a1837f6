//! What stands beside the stages: what may be put on record, and who may.

use paidan::desk::decide::{Asker, Budget, Rules, approver, decide, deletable};
use paidan::desk::life::{Crew, Happening, Life, Node, Stage};
use paidan::desk::refusal::Refusal;
use paidan::policy::desk::{Approval, Post};
use paidan::time::Money;

const DAY: i64 = 86_400_000;

/// A ticket under way: li drives, wang reviews.
fn under_way() -> Life {
    let (driver, liaison, reviewer) = ("li".to_owned(), "mei".to_owned(), "wang".to_owned());
    let crew = Some(Crew { driver, liaison, reviewer });
    Life { stage: Stage::InProgress, crew, ..Life::default() }
}

fn asker(actor: &str, posts: &[Post], now_ms: i64) -> Asker {
    let (actor, posts) = (actor.to_owned(), posts.iter().copied().collect());
    Asker { actor, posts, now_ms, ..Asker::default() }
}

/// What is decided, and the life after it.
fn told(life: &Life, wish: Happening, rules: &Rules, asker: &Asker) -> Result<Life, Refusal> {
    let mut after = life.clone();
    for happening in decide(life, wish, rules, asker)? {
        after.apply(asker.now_ms, &asker.actor, &happening);
    }
    Ok(after)
}

fn said(node: Node) -> Happening {
    Happening::ClientTold { node, what: "受理完成".to_owned() }
}

/// R073, R048: two key nodes a day; what he gets every day and answers to him do not count.
#[test]
fn a_client_is_not_flooded() {
    let rules = Rules { budget: Some(Budget { most: 2, since_ms: DAY }), ..Rules::default() };
    let mei = asker("mei", &[], DAY + 1);
    let mut life =
        told(&under_way(), said(Node::Key), &rules, &asker("mei", &[], DAY - 1)).unwrap();
    for node in [Node::Daily, Node::Key, Node::Answer, Node::Risk] {
        life = told(&life, said(node), &rules, &mei).unwrap();
    }
    assert_eq!(told(&life, said(Node::Key), &rules, &mei), Err(Refusal::Budget(2)));
    assert!(told(&life, said(Node::Answer), &rules, &mei).is_ok());
    assert_eq!(life.beside.told_ms.len(), 3);
}

/// R187: driver to manager, manager to marketing, marketing alone to the client.
#[test]
fn of_a_block_the_manager_hears_first_and_marketing_alone_speaks() {
    let rules = Rules::default();
    let li = asker("li", &[], DAY);
    let report = |to| Happening::BlockReported { to };
    assert_eq!(
        told(&under_way(), report(Post::DepartmentManager), &rules, &li),
        Err(Refusal::NotBlocked)
    );
    let reason = "系统停用".to_owned();
    let blocked =
        told(&under_way(), Happening::Blocked { reason, until_ms: None }, &rules, &li).unwrap();
    assert_eq!(told(&blocked, report(Post::Marketing), &rules, &li), Err(Refusal::ManagerFirst));
    let blocked = told(&blocked, report(Post::DepartmentManager), &rules, &li).unwrap();
    let to_marketing = || report(Post::Marketing);
    let manager_only = Err(Refusal::PostOnly(Post::DepartmentManager));
    assert_eq!(told(&blocked, to_marketing(), &rules, &li), manager_only);
    let chen = asker("chen", &[Post::DepartmentManager], DAY);
    let blocked = told(&blocked, to_marketing(), &rules, &chen).unwrap();
    let only = Err(Refusal::PostOnly(Post::Marketing));
    assert_eq!(told(&blocked, said(Node::Answer), &rules, &asker("mei", &[], DAY)), only);
    let daily = Happening::DailyReported { digest: "d".to_owned() };
    assert_eq!(told(&blocked, daily, &rules, &asker("mei", &[], DAY)), only);
    let tang = asker("tang", &[Post::Marketing], DAY);
    assert!(told(&blocked, said(Node::Answer), &rules, &tang).is_ok());
    // R071: nor does the answer to an anomaly tell him anything beside marketing.
    let raised = Happening::AnomalyRaised { what: "退件".to_owned(), until_ms: None };
    let wrong = told(&blocked, raised, &rules, &li).unwrap();
    let answer = || {
        let (cause, remedy) = ("系统停用".to_owned(), "改交纸质".to_owned());
        Happening::AnomalyAnswered { cause, remedy, is_client_told: true }
    };
    assert_eq!(told(&wrong, answer(), &rules, &li), only);
    assert!(told(&wrong, answer(), &rules, &tang).is_ok());
    let free = told(&wrong, Happening::Unblocked {}, &rules, &li).unwrap();
    assert!(told(&free, answer(), &rules, &li).is_ok());
    let check = Happening::SelfChecked { items: Vec::new() };
    assert_eq!(told(&blocked, check, &rules, &li).unwrap_err().code(), "D043");
    assert_eq!(told(&blocked, Happening::Unblocked {}, &rules, &li).unwrap().beside.block, None);
}

fn refund(is_limit_included: bool) -> Vec<Approval> {
    let row = |limit: Option<i64>, post| Approval {
        service: "tax-refund".to_owned(),
        urgent: None,
        limit_fen: limit.map(Money),
        is_limit_included: limit.map(|_| is_limit_included),
        amount: None,
        post,
    };
    vec![row(Some(5_000_000), Post::DepartmentManager), row(None, Post::GeneralManager)]
}

/// R052, W8: 49,999 yuan is the manager's; 50,000 is read both ways, as the setting says.
#[test]
fn fifty_thousand_is_the_managers_or_the_general_managers_as_configured() {
    let who = |included, yuan: i64| approver(&refund(included), yuan * 100);
    let (manager, general) = (Some(Post::DepartmentManager), Some(Post::GeneralManager));
    assert_eq!([who(false, 49_999), who(true, 49_999)], [manager, manager]);
    assert_eq!([who(false, 50_000), who(true, 50_000)], [general, manager]);
    assert_eq!([who(false, 50_001), who(true, 50_001)], [general, general]);
}

/// R052: whoever approves so much approves it before the result passes; another amount is
/// approved anew.
#[test]
fn a_result_passes_when_the_right_post_has_approved_it() {
    let rules = Rules { approvals: refund(false), ..Rules::default() };
    let review = || Happening::Reviewed { items: Vec::new() };
    let checked = Life { stage: Stage::SelfChecked, ..under_way() };
    let wang = asker("wang", &[], DAY);
    let manager = asker("chen", &[Post::DepartmentManager], DAY);
    let general = asker("he", &[Post::GeneralManager], DAY);
    // Who approves it is named by what the ticket states, and by nobody's guess.
    assert_eq!(told(&checked, review(), &rules, &wang), Err(Refusal::NoApprovalAsked));
    for (yuan, post) in [(49_999, Post::DepartmentManager), (60_000, Post::GeneralManager)] {
        let stated = Rules { stated_fen: Some(yuan * 100), ..rules.clone() };
        assert_eq!(told(&checked, review(), &stated, &wang), Err(Refusal::NotApproved(post)));
    }
    assert_eq!(
        told(&checked, Happening::Approved {}, &rules, &general),
        Err(Refusal::NoApprovalAsked)
    );
    let ask = |yuan: i64| Happening::ApprovalAsked { amount_fen: yuan * 100 };
    let large = told(&checked, ask(50_000), &rules, &wang).unwrap();
    let only = Refusal::PostOnly(Post::GeneralManager);
    assert_eq!(told(&large, Happening::Approved {}, &rules, &manager), Err(only));
    let given = told(&large, Happening::Approved {}, &rules, &general).unwrap();
    assert!(told(&given, review(), &rules, &wang).is_ok());
    let again = told(&given, ask(60_000), &rules, &wang).unwrap();
    assert_eq!(told(&again, review(), &rules, &wang).unwrap_err().code(), "D028");
    assert_eq!(told(&checked, ask(-1), &rules, &wang), Err(Refusal::Amount));
}

/// R049: a new version of the regulation opens the check again.
#[test]
fn a_result_is_checked_against_the_regulation_in_force() {
    let rules = |version: &str| Rules { regulation: Some(version.to_owned()), ..Rules::default() };
    let review = || Happening::Reviewed { items: Vec::new() };
    let seen = |version: &str| Happening::RegulationChecked { version: version.to_owned() };
    let checked = Life { stage: Stage::SelfChecked, ..under_way() };
    let (li, wang) = (asker("li", &[], DAY), asker("wang", &[], DAY));
    assert_eq!(told(&checked, review(), &rules("2020"), &wang).unwrap_err().code(), "D029");
    assert_eq!(told(&checked, seen("2020"), &rules("2020"), &li).unwrap_err().code(), "D022");
    let checked = told(&checked, seen("2020"), &rules("2020"), &wang).unwrap();
    assert!(told(&checked, review(), &rules("2020"), &wang).is_ok());
    assert_eq!(told(&checked, review(), &rules("2026"), &wang).unwrap_err().code(), "D029");
}

/// R188: a rule of convenience is set aside by the manager until a day; one of compliance never.
#[test]
fn a_special_case_has_an_approver_and_an_end() {
    let rules = Rules { delivery: vec!["photo".to_owned()], ..Rules::default() };
    let manager = asker("chen", &[Post::DepartmentManager], DAY);
    let aside = |rule: &str, until_ms| Happening::Overridden {
        rule: rule.to_owned(),
        reason: "客户当面取件".to_owned(),
        until_ms,
    };
    let reviewed = Life { stage: Stage::Reviewed, ..under_way() };
    let li = asker("li", &[], DAY);
    assert_eq!(told(&reviewed, aside("D023", 2 * DAY), &rules, &li).unwrap_err().code(), "D027");
    assert_eq!(
        told(&reviewed, aside("D021", 2 * DAY), &rules, &manager).unwrap_err().code(),
        "D034"
    );
    assert_eq!(told(&reviewed, aside("D023", DAY), &rules, &manager), Err(Refusal::Past));
    let special = told(&reviewed, aside("D023", 2 * DAY), &rules, &manager).unwrap();
    assert_eq!(special.beside.set_aside[0].approver, "chen");
    let bare = || Happening::Delivered { steps: Vec::new(), tracking: None };
    assert!(told(&special, bare(), &rules, &li).is_ok());
    assert_eq!(
        told(&special, bare(), &rules, &asker("li", &[], 2 * DAY)).unwrap_err().code(),
        "D023"
    );
}

/// R195: whoever files a version says which one it takes the place of.
#[test]
fn a_document_takes_the_place_of_the_current_version() {
    let rules = Rules::default();
    let li = asker("li", &[], DAY);
    let filed = |digest: &str, supersedes: Option<&str>| Happening::DocumentFiled {
        name: "resolution".to_owned(),
        digest: digest.to_owned(),
        supersedes: supersedes.map(str::to_owned),
    };
    let first = told(&under_way(), filed("a", None), &rules, &li).unwrap();
    assert_eq!(told(&first, filed("b", None), &rules, &li).unwrap_err().code(), "D036");
    let second = told(&first, filed("b", Some("a")), &rules, &li).unwrap();
    assert_eq!(told(&second, filed("c", Some("a")), &rules, &li).unwrap_err().code(), "D036");
    assert_eq!(second.beside.documents["resolution"], ["a", "b"]);
}

/// R126, R127, R128, R185: passed on with a reason; only a director holds the meeting.
#[test]
fn what_is_complex_goes_to_a_director() {
    let rules = Rules::default();
    let ann = asker("ann", &[], DAY);
    let new = Life::default();
    assert_eq!(new.beside.level(), 1);
    let to = |reason: &str| Happening::PassedToSpecialist { reason: reason.to_owned() };
    assert_eq!(told(&new, to(" "), &rules, &ann), Err(Refusal::NoReason));
    let second = told(&new, to("税务"), &rules, &ann).unwrap();
    let reason = "税务与档案".to_owned();
    let third = told(&second, Happening::PassedToDirector { reason }, &rules, &ann).unwrap();
    assert_eq!((second.beside.level(), third.beside.level()), (2, 3));
    let meeting = || Happening::MeetingHeld { plan: "p1".to_owned() };
    assert_eq!(told(&third, meeting(), &rules, &ann).unwrap_err().code(), "D027");
    assert!(told(&third, meeting(), &rules, &asker("fu", &[Post::Director], DAY)).is_ok());
}

/// R183: a driver begins with contact, list and collection.
#[test]
fn a_driver_begins_with_all_that_drivers_begin_with() {
    let steps = ["contact", "checklist"].map(str::to_owned).to_vec();
    let rules = Rules { kick_off: steps.clone(), ..Rules::default() };
    let li = asker("li", &[], DAY);
    let begun = |steps: &[String]| Happening::KickedOff { steps: steps.to_vec() };
    let left = Refusal::KickOff(vec!["checklist".to_owned()]);
    assert_eq!(told(&under_way(), begun(&steps[..1]), &rules, &li), Err(left));
    assert!(told(&under_way(), begun(&steps), &rules, &li).unwrap().beside.is_kicked_off);
}

/// R077: neither before it is filed away nor before its time is over.
#[test]
fn a_file_is_deleted_when_its_time_is_over() {
    assert_eq!(deletable(&Life::default(), DAY), Err(Refusal::Kept(None)));
    let kept = Life { keep_until_ms: Some(DAY), ..Life::default() };
    assert_eq!(deletable(&kept, DAY - 1), Err(Refusal::Kept(Some(DAY))));
    assert_eq!(deletable(&kept, DAY), Ok(()));
}
