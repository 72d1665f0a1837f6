//! `prove`: how far a plan, whoever made it, can be from the best.

use super::args::{Plain, Prove};
use super::ticker::Ticker;
use super::verify::question;
use super::{Ending, interrupt, screen};
use crate::app::documents::written;
use crate::app::proving::{self, Budget, Effort};
use crate::app::{Failure, sources};
use crate::model::lang::Lang;
use crate::report::proof::render;

/// Milliseconds when nothing is said.
const DEFAULT_BUDGET: u64 = 60_000;

/// `paidan prove`.
pub(crate) fn run(asked: &Prove, lang: Lang) -> Result<Ending, Failure> {
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let plan = match &asked.plan {
        Some(path) => Some(sources::plan(&question, path)?),
        None => None,
    };
    let previous = sources::previous(&question, asked.previous.as_deref())?;
    let budget = match asked.steps {
        Some(steps) => Budget::Rounds(steps),
        None => Budget::Milliseconds(asked.seconds.unwrap_or(DEFAULT_BUDGET)),
    };
    let threads = asked.threads.map_or(0, |threads| threads as usize);
    let effort = Effort { threads, budget, stop: Some(&interrupt::is_asked) };
    interrupt::watch();
    let mut ticker = Ticker::new(lang, None);
    let proof = proving::prove(&question, previous.as_ref(), plan.as_ref(), &effort, &mut |far| {
        ticker.show(far);
    });
    ticker.finish();
    let proof = proof?;
    if plan.is_some() && !proof.given {
        screen::tell(lang.of(
            "所给计划在此场景下站不住，改与最好的优先规则计划相比；原因见 paidan verify\n",
            "the plan given does not stand up in this scenario, so the best priority rule's is \
             told of instead; `paidan verify` says why\n",
        ));
    }
    screen::print(&match asked.format {
        Plain::Json => written(&proof),
        Plain::Table => render(&proof, &question.scenario, lang),
    })?;
    Ok(if interrupt::is_asked() { Ending::Interrupted } else { Ending::Done })
}
