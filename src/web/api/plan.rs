//! `POST /v1/plan` and `POST /v1/front`: searches, at once or as jobs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::posted::{self, Document, Scene, Warning};
use crate::app::documents::Question;
use crate::app::front::{self, Event, Stage};
use crate::app::morning::{self, Answer, Budget, Progress, Settings};
use crate::calendar::HolidayTable;
use crate::model::cost::Weights;
use crate::model::front::Front;
use crate::model::plan::Plan;
use crate::model::progress::ProgressReport;
use crate::model::scenario::Scenario;
use crate::verify::Report;
use crate::web::answer::{As, Begun, Either, Found, JSON, Reply};
use crate::web::call::Call;
use crate::web::error::{Code, Problem, Success};
use crate::web::jobs::{self, Far, Search, Told};
use crate::web::options::Limits;
use crate::web::sent::Json;

/// Milliseconds of search when nothing is said.
const DEFAULT_MS: u64 = 2_000;

/// Points of a front when nothing is said.
const DEFAULT_POINTS: u8 = 9;

/// How long and how to search. The same scenario, seed, lanes and rounds give the same plan, on
/// every machine (R252).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Searching {
    /// Search so long; 2,000 when neither this nor rounds are stated.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000_000))]
    milliseconds: Option<u64>,
    /// Search for so many rounds instead.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    rounds: Option<u32>,
    /// Cool as for so many rounds, as a plan made in seconds records.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000))]
    planned_rounds: Option<u32>,
    /// Seed of all random streams; 1 when not stated.
    #[serde(default)]
    seed: Option<u64>,
    /// Search lanes; 4 when not stated.
    #[serde(default)]
    #[schemars(range(min = 1, max = 64))]
    lanes: Option<u32>,
    /// Stop once the proven gap is no wider than so many hundredths of a percent.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    until_gap: Option<u32>,
    /// Leave out the programs that help where insertion does not.
    #[serde(default)]
    without_fallback: bool,
}

impl Searching {
    fn settings(&self, limits: &Limits) -> Result<Settings, Problem> {
        let budget = match (self.rounds, self.milliseconds) {
            (Some(_), Some(_)) => {
                return Err(Problem::new(
                    Code::Invalid,
                    "rounds 与 milliseconds 只能写一个",
                    "state either rounds or milliseconds",
                ));
            }
            (Some(rounds), None) => Budget::Rounds(rounds),
            (None, stated) => Budget::Milliseconds(stated.unwrap_or(DEFAULT_MS)),
        };
        if let Budget::Milliseconds(asked) = budget
            && asked > limits.job_ms
        {
            let most = limits.job_ms;
            return Err(Problem::new(
                Code::Invalid,
                format!("搜索最长 {most} 毫秒（服务器设置）"),
                format!("this server searches for at most {most} milliseconds"),
            ));
        }
        Ok(Settings {
            seed: self.seed.unwrap_or(1),
            lanes: self.lanes.unwrap_or(4),
            threads: 0,
            budget,
            planned: self.planned_rounds,
            until_gap: self.until_gap,
            fallback: !self.without_fallback,
            stop: None,
        })
    }
}

/// Whether a search of `count` such budgets is too long to wait for.
fn is_long(settings: &Settings, count: usize, limits: &Limits) -> bool {
    match settings.budget {
        Budget::Milliseconds(asked) => asked > limits.inline_ms,
        Budget::Rounds(rounds) => {
            let rounds = usize::try_from(rounds).unwrap_or(usize::MAX).saturating_mul(count);
            usize::try_from(limits.inline_rounds).is_ok_and(|most| rounds > most)
        }
    }
}

/// What is to be planned.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanAsked {
    /// The question.
    scenario: Document<Scenario>,
    /// The plan people are working to.
    #[serde(default)]
    previous: Option<Document<Plan>>,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
    /// How long and how to search.
    #[serde(default)]
    search: Searching,
}

/// A plan, verified.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Planned {
    /// It, with cost, bound and provenance.
    plan: Plan,
    /// What somebody should look at.
    warnings: Vec<Warning>,
    /// What the verifier said of a better plan that is not handed out: a fault of this program
    /// that should be reported. The plan above is sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<Box<Report>>,
}

/// A result at once, or a job that will have it.
pub(super) type Sooner<T> = Either<As<Found<T>>, Begun<Told>>;

/// `POST /v1/plan`.
pub(crate) fn plan(call: &Call<Json<PlanAsked>>) -> Result<Sooner<Planned>, Problem> {
    let PlanAsked { scenario, previous, progress, holidays, search } = &call.body.0;
    let scene = Scene { scenario, progress: progress.as_ref(), holidays: holidays.as_ref() };
    let question = scene.question()?;
    let previous = posted::previous(&question, previous.as_ref())?;
    let settings = search.settings(&call.frame.limits)?;
    let is_long = is_long(&settings, 1, &call.frame.limits);
    let work = move |watch: &mut dyn FnMut(Far) -> bool| {
        let most = most_rounds(&settings);
        let mut watch = |progress: &Progress| watch(Far::of(progress, most));
        let answer = morning::plan(&question, previous.as_ref(), &settings, &mut watch)?;
        let Answer { plan, fault, .. } = answer;
        Ok(written(&Planned { plan, warnings: posted::warnings(&question), fault }))
    };
    searched(call, "plan", is_long, Box::new(work))
}

/// How many rounds a search has, where it is not counted in time.
fn most_rounds(settings: &Settings) -> Option<u32> {
    match settings.budget {
        Budget::Rounds(most) => Some(most),
        _ => None,
    }
}

pub(super) fn written(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).expect("documents are texts and whole numbers")
}

/// Does `search` while its asker waits, or as a job when it `is_long` or he would rather not wait.
/// With an idempotency key it is a job in any case, which the same request finds again, and its
/// asker waits for it.
pub(super) fn searched<B, T>(
    call: &Call<B>,
    kind: &'static str,
    is_long: bool,
    search: Search,
) -> Result<Sooner<T>, Problem>
where
    T: Serialize + JsonSchema,
{
    if is_long || call.prefers_to_come_again() {
        let job = jobs::begin(call, kind, search)?;
        let document = job.told(false);
        return Ok(Either::Other(Begun { location: document.location(), document }));
    }
    if call.idempotency_key()?.is_some() {
        let job = jobs::begin(call, kind, search)?;
        let Some(end) = job.awaited(call.left_ms()) else {
            let document = job.told(false);
            return Ok(Either::Other(Begun { location: document.location(), document }));
        };
        let found = end?.get().as_bytes().to_vec();
        return Ok(Either::One(As::new(Reply::text(Success::Found, JSON, found))));
    }
    let mut watch = |_: Far| call.goes_on();
    let found = call.in_long_turn(|| search(&mut watch))??;
    Ok(Either::One(As::new(Reply::text(Success::Found, JSON, found))))
}

/// What is to be planned at several weights.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontAsked {
    /// The question.
    scenario: Document<Scenario>,
    /// The plan people are working to.
    #[serde(default)]
    previous: Option<Document<Plan>>,
    /// What has happened since the scenario was written.
    #[serde(default)]
    progress: Option<Document<ProgressReport>>,
    /// A holiday table in the place of the scenario's.
    #[serde(default)]
    holidays: Option<Document<HolidayTable>>,
    /// The weights to plan at; a spread of them when none are stated.
    #[serde(default)]
    #[schemars(length(max = 64))]
    weights: Vec<Weights>,
    /// How many weights a spread has; 9 when not stated.
    #[serde(default)]
    #[schemars(range(min = 2, max = 64))]
    points: Option<u8>,
    /// How long and how to search: rounds for each point, milliseconds for all together.
    #[serde(default)]
    search: Searching,
}

/// `POST /v1/front`.
pub(crate) fn front(call: &Call<Json<FrontAsked>>) -> Result<Sooner<Front>, Problem> {
    let FrontAsked { scenario, previous, progress, holidays, weights, points, search } =
        &call.body.0;
    let scene = Scene { scenario, progress: progress.as_ref(), holidays: holidays.as_ref() };
    let question = scene.question()?;
    let previous = posted::previous(&question, previous.as_ref())?;
    let settings = search.settings(&call.frame.limits)?;
    let points = spread(&question, weights, *points);
    let is_long = is_long(&settings, points.len(), &call.frame.limits);
    let work = move |watch: &mut dyn FnMut(Far) -> bool| -> Result<Vec<u8>, Problem> {
        let mut goes_on = true;
        let mut stage = |stage: &Stage<'_>| {
            if let Event::Searching(progress) = stage.event {
                goes_on = watch(Far::of(progress, most_rounds(&settings)));
            }
            goes_on
        };
        let (front, _) =
            front::front(&question, previous.as_ref(), &points, &settings, &mut stage)?;
        Ok(written(&front))
    };
    searched(call, "front", is_long, Box::new(work))
}

/// The weights asked for or a spread of them, with the scenario's own.
fn spread(question: &Question, weights: &[Weights], points: Option<u8>) -> Vec<Weights> {
    let policy = question.work.policy.weights();
    let mut all = match weights {
        [] => front::spread(policy, usize::from(points.unwrap_or(DEFAULT_POINTS))),
        _ => weights.to_vec(),
    };
    all.push(policy);
    front::ordered(all)
}
