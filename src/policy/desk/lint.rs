//! Two linters: urgent templates that lose a control, and agreements that promise nothing definite.

use super::agreement::{Entitlement, EntitlementKind};
use super::form::{Control, Desk};
use crate::model::scenario::Scenario;
use crate::model::ticket::Step;

/// The controls that an urgent template drops without a replacement, and why (R055): a step of the
/// normal template that guards against errors is in the urgent one, or all that replaces it is.
#[must_use]
pub fn dropped<'d>(desk: &'d Desk, scenario: &Scenario) -> Vec<&'d Control> {
    let is_dropped = |control: &&Control| {
        let service = scenario.services.iter().find(|service| service.id == control.service);
        let Some(urgent) = service.and_then(|service| service.urgent.as_ref()) else {
            return false;
        };
        let has = |step: &String| urgent.iter().any(|other| other.id == *step);
        let is_replaced = !control.replaced_by.is_empty() && control.replaced_by.iter().all(has);
        !has(&control.step) && !is_replaced && control.evidence.is_none()
    };
    desk.controls.iter().filter(is_dropped).collect()
}

/// The controls whose replacement is seen by too few people, and how many see it (R051): those of
/// the steps in its place and those of the steps they differ from.
#[must_use]
pub fn thin<'d>(desk: &'d Desk, scenario: &Scenario) -> Vec<(&'d Control, usize)> {
    let seen = |control: &Control| {
        let service = scenario.services.iter().find(|service| service.id == control.service)?;
        let urgent = service.urgent.as_ref()?;
        let replaces = |step: &&Step| control.replaced_by.contains(&step.id);
        let replacing: Vec<&Step> = urgent.iter().filter(replaces).collect();
        let apart = |step: &&Step| replacing.iter().any(|one| one.differs_from.contains(&step.id));
        let seats = |steps: &[&Step]| steps.iter().map(|step| step.seats.len()).max().unwrap_or(0);
        let others: Vec<&Step> = urgent.iter().filter(apart).collect();
        let is_there = !replacing.is_empty();
        is_there.then(|| seats(&replacing) + seats(&others))
    };
    let thin = |control: &'d Control| {
        let wanted = usize::from(control.people?);
        seen(control).filter(|count| *count < wanted).map(|count| (control, count))
    };
    desk.controls.iter().filter_map(thin).collect()
}

/// The vague words in a text (R115): phrases as they are, those in Latin letters as whole words;
/// and 等 where a clause ends with it.
#[must_use]
pub fn vague(words: &[String], text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found: Vec<String> =
        words.iter().filter(|word| holds(&lower, &word.to_lowercase())).cloned().collect();
    let ends = |at: usize| {
        let next = text[at + '等'.len_utf8()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric())
    };
    if found.is_empty() && text.match_indices('等').any(|(at, _)| ends(at)) {
        found.push("等".to_owned());
    }
    found
}

fn holds(text: &str, word: &str) -> bool {
    let is_latin = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_alphanumeric());
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = is_latin(text[..at].chars().next_back()) && is_latin(word.chars().next());
            let rest = text[at + word.len()..].chars().next();
            let after = is_latin(rest) && is_latin(word.chars().next_back());
            !before && !after
        })
}

/// The fields an entitlement must state and does not (R115–R118).
pub(super) fn lacking(entitlement: &Entitlement) -> Vec<&'static str> {
    let mut fields = vec![
        ("count", entitlement.count.is_some()),
        ("unit", entitlement.unit.is_some()),
        ("per", entitlement.per.is_some()),
    ];
    match entitlement.kind {
        EntitlementKind::Assistance => fields.extend([
            ("is_accompanied", entitlement.is_accompanied.is_some()),
            ("beyond_fen", entitlement.beyond_fen.is_some()),
        ]),
        EntitlementKind::PolicyNews => {
            fields.push(("is_customised", entitlement.is_customised.is_some()));
        }
        EntitlementKind::Consultation => fields.extend([
            ("channels", !entitlement.channels.is_empty()),
            ("within", entitlement.within.is_some()),
            ("depth", entitlement.depth.is_some()),
        ]),
        EntitlementKind::UrgentService | EntitlementKind::Visit | EntitlementKind::OnSite => {}
    }
    fields.into_iter().filter(|(_, is_there)| !is_there).map(|(field, _)| field).collect()
}
