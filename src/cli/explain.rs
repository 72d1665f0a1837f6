//! `explain`: why a plan is as it is.

use serde::Serialize;

use super::args::{Explain, Plain, Reader};
use super::verify::question;
use super::{Ending, screen};
use crate::app::documents::{Question, written};
use crate::app::morning::Progress;
use crate::app::reasons::Watch;
use crate::app::{Failure, front, keys, reasons, sources};
use crate::explain::Explanation;
use crate::explain::say::{Audience, Names, lines};
use crate::model::lang::Lang;
use crate::model::plan::Plan;

/// What machines get that speak to clients: sentences only, for facts could tell too much.
#[derive(Serialize)]
struct Sentences {
    lines: Vec<String>,
}

/// `paidan explain`.
pub(crate) fn run(asked: &Explain, lang: Lang) -> Result<Ending, Failure> {
    let question = question(&asked.scenario, &asked.amendments, lang)?;
    let plan = sources::plan(&question, &asked.plan)?;
    let question = front::weighed(question, &plan)?;
    let told = told(asked, &question, &plan)?;
    let audience = match asked.reader {
        Reader::Staff => Audience::Staff,
        Reader::Client if told.subject.ticket().is_some() => Audience::Client,
        Reader::Client => {
            return Err(Failure::wish(
                "给客户的解释只针对工单或步骤",
                "clients are told about tickets and steps only",
            ));
        }
    };
    let said = lines(&told, &Names::new(&question.scenario), lang, audience);
    screen::print(&match (asked.format, asked.reader) {
        (Plain::Table, _) => said.iter().map(|line| format!("{line}\n")).collect(),
        (Plain::Json, Reader::Staff) => written(&told),
        (Plain::Json, Reader::Client) => written(&Sentences { lines: said }),
    })?;
    Ok(Ending::Done)
}

fn told(asked: &Explain, question: &Question, plan: &Plan) -> Result<Explanation, Failure> {
    let previous = sources::previous(question, asked.previous.as_deref())?;
    let previous = previous.as_ref();
    if let Some(person) = &asked.why_not {
        let (step, person) =
            (keys::step(question, &asked.subject)?, keys::person(question, person)?);
        let choice = (step.as_str(), person.as_str());
        let mut watch = |_: &Progress| true;
        let search = asked.search.then_some(&mut watch as &mut Watch<'_>);
        return reasons::why_not(question, plan, previous, choice, search);
    }
    let subject = keys::subject(question, &asked.subject)?;
    let mut told = reasons::explain(question, plan, previous, &subject)?;
    if asked.search {
        reasons::search_relaxation(question, plan, &mut told, &mut |_| true)?;
    }
    Ok(told)
}
