//! Quotes: the plan in force parked once, requests quoted against it, an option accepted. What a
//! command and a server ask alike; must not know arguments, clocks or where a plan is kept.

use std::collections::BTreeMap;

use super::documents::{Question, Text, meant};
use super::{Failure, checking};
use crate::calendar::{Label, Moment, Zone};
use crate::model::issue::Issues;
use crate::model::plan::Plan;
use crate::model::quote::{OptionKind, Quote};
use crate::model::request::Request;
use crate::model::scenario::Scenario;
use crate::policy::Policy;
use crate::quote;
use crate::time::Tick;

pub use crate::quote::{Accepted, Depth, First, Included, Unmet, first};

/// A plan in force and the policy it is quoted by. Takes as long to make as a check of the plan;
/// quotes against it take milliseconds and may be asked from many threads.
pub struct Standing {
    plan: quote::Standing,
    policy: Policy,
}

/// Parks `plan`, the plan in force for `question`.
///
/// # Errors
/// [`Failure::Refused`] when the plan breaks rules or is no plan for this scenario.
pub fn standing(question: &Question, plan: &Plan, policy: Policy) -> Result<Standing, Failure> {
    // What it came to against the plan before it is no longer of interest.
    let bare = Plan { cost: None, bound: None, released: Vec::new(), ..plan.clone() };
    let checked = checking::check(question, &bare, None);
    let unfit = || {
        Failure::Refused(Label::new(
            "这份计划不能作为报价的依据：它违反规则，或不是该场景的计划；请用 paidan verify 查看",
            "nothing can be quoted against this plan: it breaks rules or is not for this \
             scenario; `paidan verify` tells more",
        ))
    };
    if !checked.report.is_clean() {
        return Err(unfit());
    }
    let plan = Plan { cost: plan.cost, bound: plan.bound.clone(), ..checked.plan };
    let plan = quote::Standing::new(&question.scenario, &question.work, &plan);
    Ok(Standing { plan: plan.ok_or_else(unfit)?, policy })
}

impl Standing {
    /// Names the plan in force.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.plan.digest()
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        self.plan.plan()
    }

    /// The scenario it is a plan for.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        self.plan.scenario()
    }

    /// The zone its times are shown in.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.plan.scenario().zone
    }

    /// The moment that so many milliseconds of UTC since 1970 are, up to the minute begun.
    #[must_use]
    pub fn moment(&self, milliseconds: i64) -> Moment {
        self.zone().moment(Tick(milliseconds.div_euclid(60_000)))
    }
}

/// The quote for `request` at `at`, of which nothing was bought ahead.
///
/// # Errors
/// Everything wrong with the request, by its places in it.
pub fn quote(
    standing: &Standing,
    request: &Request,
    at: Moment,
    depth: Depth,
) -> Result<Quote, Issues> {
    quote_with(standing, (request, &Included::new()), at, depth)
}

/// The quote for `request` at `at`, with what of it is `included` in what was bought ahead (R099).
///
/// # Errors
/// Everything wrong with the request, by its places in it.
pub fn quote_with(
    standing: &Standing,
    (request, included): (&Request, &Included),
    at: Moment,
    depth: Depth,
) -> Result<Quote, Issues> {
    let at = standing.zone().tick_from(at);
    let terms = quote::Terms { policy: &standing.policy, included };
    quote::quote(&standing.plan, terms, request, at, depth)
}

/// `quote` with what was promised of the tickets it moves; none that breaks a promise stays
/// recommended where another option keeps all (R131).
#[must_use]
pub fn promised(standing: &Standing, quote: Quote, promises: &BTreeMap<String, Moment>) -> Quote {
    quote::promised(&standing.plan, &standing.policy, quote, promises)
}

/// When `request` would be finished beside what stands, if it were put in at `at`: unverified,
/// unpriced, and nothing is held for it.
///
/// # Errors
/// Everything wrong with the request, by its places in it.
pub fn estimate(
    standing: &Standing,
    request: &Request,
    at: Moment,
) -> Result<Option<Moment>, Issues> {
    let zone = standing.zone();
    let finish = quote::estimate(&standing.plan, request, zone.tick_from(at))?;
    Ok(finish.map(|finish| zone.moment(finish)))
}

/// [`fn@quote`] for a request that was read from `text`, whose lines the issues then name.
///
/// # Errors
/// [`Failure::Document`].
pub fn quote_text(
    standing: &Standing,
    (text, request): (&Text, &Request),
    at: Moment,
    depth: Depth,
) -> Result<Quote, Failure> {
    quote(standing, request, at, depth).map_err(|issues| meant(text, issues))
}

/// Why an acceptance came to nothing, and what is possible now.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// That, for people.
    pub reason: Label,
    /// The request quoted anew, where it can be.
    pub fresh: Option<Box<Quote>>,
}

/// The kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has expired.
    Expired,
    /// The plan in force is another, and has no room for it: somebody was faster.
    PlanMoved,
    /// There is no such option in it.
    NoSuchOption,
    /// It is not as it was given out, or the plan it makes breaks rules.
    Unfit,
}

/// The scenario and plan that option `kind` of `quote` makes, verified whole; whoever stores them
/// does so in one step, and only while the plan in force is still the one of `standing`. That may be
/// another than it was quoted against, as long as it still has room for it.
///
/// # Errors
/// Why not, with the request quoted anew at `at`.
pub fn accept(
    standing: &Standing,
    quote: &Quote,
    kind: OptionKind,
    at: Moment,
) -> Result<Accepted, Box<Refusal>> {
    accepted(standing, quote, kind, at).map_err(|(why, reason)| {
        let fresh = self::quote(standing, &quote.request, at, Depth::Full).ok().map(Box::new);
        Box::new(Refusal { why, reason, fresh })
    })
}

/// The same, with nothing quoted anew where it comes to nothing.
///
/// # Errors
/// Why not.
pub fn accepted(
    standing: &Standing,
    quote: &Quote,
    kind: OptionKind,
    at: Moment,
) -> Result<Accepted, (Why, Label)> {
    let now = standing.zone().tick_from(at);
    let denied = match quote::accepted(&standing.plan, &standing.policy, quote, kind, now) {
        Ok(accepted) => return Ok(accepted),
        Err(denied) => denied,
    };
    let (why, zh, en) = match denied {
        quote::Denied::Expired => (Why::Expired, "报价已过期", "the quote has expired"),
        quote::Denied::PlanMoved => (
            Why::PlanMoved,
            "计划已变：报价所依据的计划不再有效，该方案已排不下",
            "the plan in force is no longer the one this was quoted against, and has no room for it",
        ),
        quote::Denied::NoSuchOption => {
            (Why::NoSuchOption, "报价中没有这个方案", "the quote has no such option")
        }
        quote::Denied::Altered | quote::Denied::Unsound(_) => (
            Why::Unfit,
            "该方案不是当初报出的样子，或已不可行",
            "the option is not as it was quoted, or cannot be kept",
        ),
    };
    Err((why, Label::new(zh, en)))
}
