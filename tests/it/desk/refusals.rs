//! Every refusal speaks both languages.

use std::collections::BTreeSet;

use paidan::calendar::{Label, Moment};
use paidan::desk::clock::Wait;
use paidan::desk::life::Stage;
use paidan::desk::refusal::Refusal;
use paidan::policy::desk::{Post, Source};

fn all() -> Vec<Refusal> {
    let text = || "x".to_owned();
    vec![
        Refusal::Stage(Stage::New),
        Refusal::Unanswered("x"),
        Refusal::NoSlack,
        Refusal::Infeasible,
        Refusal::OtherQuote,
        Refusal::NoPlan,
        Refusal::SamePerson,
        Refusal::Excluded(text()),
        Refusal::NoReason,
        Refusal::NotDriver(text()),
        Refusal::ManagerOnly,
        Refusal::Taken(text()),
        Refusal::Waiting(Wait::Client),
        Refusal::OpenAnomaly,
        Refusal::NoAnomaly,
        Refusal::HalfAnswer,
        Refusal::MaterialMissing(vec![text()]),
        Refusal::UnknownItem(text()),
        Refusal::Expires(text()),
        Refusal::Unticked(vec![text()]),
        Refusal::OwnReview,
        Refusal::NotReviewer(text()),
        Refusal::DeliverySteps(vec![text()]),
        Refusal::Rating,
        Refusal::Retention(3),
        Refusal::Consequence,
        Refusal::PostOnly(Post::Director),
        Refusal::NotApproved(Post::Director),
        Refusal::OldRegulation(text()),
        Refusal::Budget(2),
        Refusal::NotTolerable(text()),
        Refusal::ManagerFirst,
        Refusal::NotBlocked,
        Refusal::NotSetAside(text()),
        Refusal::Past,
        Refusal::OtherVersion(text()),
        Refusal::KickOff(vec![text()]),
        Refusal::Interval,
        Refusal::Kept(None),
        Refusal::Amount,
        Refusal::NoApprovalAsked,
        Refusal::NothingOwed,
        Refusal::Blocked(text()),
        Refusal::NoEvidence(Source::Receipt),
        Refusal::NoVisit,
        Refusal::VisitNotAgreed,
        Refusal::NoCall,
        Refusal::NotConfirmed,
        Refusal::Application(Label::new("x", "x")),
        Refusal::LateEnd,
        Refusal::OwnWord,
        Refusal::OwnApproval,
        Refusal::SameCrew,
        Refusal::OtherConfirmation,
        Refusal::OtherDepartment("sun".to_owned()),
        Refusal::Nobody(text()),
        Refusal::Unable(text(), Post::Driver),
    ]
}

#[test]
fn every_refusal_says_why_and_what_to_do_in_both_languages() {
    let (mut all, text) = (all(), || "x".to_owned());
    all.push(Refusal::ComesFirst("x".to_owned(), Label::new("x", "x")));
    all.extend([Refusal::OtherBill(Some(1)), Refusal::NobodyMends, Refusal::NoDefect]);
    all.push(Refusal::Backwards(Moment::parse("2026-03-09T09:00+08:00").unwrap()));
    all.extend([
        Refusal::NoTracking(text()),
        Refusal::NoResult(vec![text()]),
        Refusal::NotOnSite(Label::new("x", "x")),
    ]);
    let codes: BTreeSet<&str> = all.iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), all.len(), "every one has a code of its own");
    let sentences: BTreeSet<String> = all.iter().map(|refusal| refusal.because().en).collect();
    assert_eq!(sentences.len(), all.len(), "and a sentence of its own");
    for refusal in all {
        let (because, hint) = (refusal.because(), refusal.hint());
        assert!([because.zh, because.en, hint.zh, hint.en].iter().all(|text| !text.is_empty()));
    }
}

/// R027: people are told what a thing is called, and programs its key beside it.
#[test]
fn a_refusal_calls_things_by_their_names_in_both_languages() {
    let licence = ("licence".to_owned(), Label::new("营业执照", "business licence"));
    let missing = || Refusal::MaterialMissing(vec!["licence".to_owned(), "seal".to_owned()]);
    let named = missing().named([licence].into());
    assert_eq!((named.code(), named.hint()), (missing().code(), missing().hint()));
    let because = named.because();
    assert_eq!(because.zh, "材料不齐：营业执照 (licence)、seal");
    assert_eq!(because.en, "material is missing: business licence (licence), seal");
    // What names no thing stays what it is.
    assert_eq!(Refusal::OwnReview.named([].into()), Refusal::OwnReview);
}
