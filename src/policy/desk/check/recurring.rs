//! What comes again, what partners do, and the figures of the firm.

use super::Found;
use crate::policy::desk::Period;

/// What the source asks for and does not give: how often (R180, R241).
pub(super) fn blanks(found: &mut Found<'_>) {
    let desk = found.desk;
    if desk.digest.is_none() {
        found.blank("digest");
    }
    if desk.client_days.is_none() {
        found.blank("client_days");
    }
    for (row, benchmark) in desk.industry.iter().enumerate() {
        found.service(&benchmark.service, &format!("industry[{row}].service"));
    }
    found.twice("industry", desk.industry.iter().map(|one| one.service.as_str()));
}

pub(super) fn obligations(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("obligations", desk.obligations.iter().map(|one| one.id.as_str()));
    for (row, one) in desk.obligations.iter().enumerate() {
        let path = format!("obligations[{row}]");
        found.service(&one.service, &format!("{path}.service"));
        if let Some(tier) = one.tier.as_ref().filter(|tier| desk.tier(tier).is_none()) {
            found.stranger("P209", &format!("{path}.tier"), tier);
        }
        let is_known = |id: &str| found.scenario.clients.iter().any(|client| client.id == id);
        if let Some(client) = one.client.as_ref().filter(|client| !is_known(client)) {
            found.stranger("P221", &format!("{path}.client"), client);
        }
        let months = match one.per {
            Period::Month => 1,
            Period::Quarter => 3,
            Period::Year => 12,
        };
        if one.tier.is_some() == one.client.is_some() {
            let (zh, en) = ("须写 tier 或 client 之一", "state either `tier` or `client`");
            found.error("P226", &path, zh, en);
        }
        if one.month > months {
            let (zh, en) = ("该周期没有这个月", "that period has no such month");
            found.error("P226", &format!("{path}.month"), zh, en);
        }
    }
}

pub(super) fn partners(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("partners", desk.partners.iter().map(|one| one.id.as_str()));
    for (row, partner) in desk.partners.iter().enumerate() {
        let path = format!("partners[{row}]");
        found.calendar(&partner.calendar, &format!("{path}.calendar"));
        for (at, wait) in partner.waits.iter().enumerate() {
            let path = format!("{path}.waits[{at}]");
            found.service(&wait.service, &format!("{path}.service"));
            found.step((&wait.service, &wait.step), &format!("{path}.step"));
            let service = found.scenario.services.iter().find(|one| one.id == wait.service);
            let steps =
                service.iter().flat_map(|one| one.normal.iter().chain(one.urgent.iter().flatten()));
            let mut own = steps.filter(|step| step.id == wait.step);
            if own.any(|step| step.wait.is_none()) {
                let (zh, en) = ("该步骤不是等待", "that step is no wait");
                found.error("P225", &format!("{path}.step"), zh, en);
            }
        }
    }
}
