//! Reasons: the closed list of answers to "why", each with a stable code, and the facts they are
//! stated with. Must not know any sentence; those stand in [`super::say`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::calendar::{Date, Label, Moment};
use crate::time::Money;

/// What a part of an explanation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What was decided.
    What,
    /// Why this person.
    Who,
    /// Why not somebody else.
    WhyNot,
    /// Why then.
    When,
    /// Why late.
    Late,
    /// Why left out.
    Unserved,
    /// What would serve it.
    Relax,
    /// What another choice would cost.
    Price,
}

/// One reason of the closed list; its code never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A step is given to somebody at a time.
    Assigned,
    /// A wait runs from a time to a time.
    WaitRuns,
    /// A ticket is finished at a time.
    Finishes,
    /// How much of somebody's time is used.
    Load,
    /// Somebody has nothing to do.
    Idle,
    /// Somebody works outside regular hours.
    ExtraHours,
    /// Nobody else may fill the seat.
    OnlyOne,
    /// Of those who may, nobody else is free then.
    OnlyFree,
    /// The client's own person.
    Owner,
    /// The same person must lead another step.
    SameLead,
    /// Fixed by a pin.
    PinnedPerson,
    /// Kept from the previous plan by the freeze.
    FrozenPerson,
    /// Done or begun already.
    UnderWay,
    /// The least cost of those who could.
    LeastCost,
    /// So many others lack the skill at the level.
    OthersLack,
    /// So many further candidates are not listed.
    MoreCandidates,
    /// Does not hold the skill.
    LacksSkill,
    /// Holds the skill at too low a level.
    LevelTooLow,
    /// The certificate has run out.
    CertificateExpired,
    /// Excluded by ticket or client.
    Excluded,
    /// Takes urgent tickets only.
    UrgentOnly,
    /// Trainees do not lead.
    TraineeLeads,
    /// A trainee without a mentor beside.
    NoMentor,
    /// The seat is for a trainee.
    SeatForTrainee,
    /// Fills another seat of the step.
    SeatedAlready,
    /// Does the step as it is.
    DoesAlready,
    /// Did a step that must be checked by somebody else.
    MustDiffer,
    /// Another person leads a step that must have the same lead.
    MustBeSame,
    /// A pin names somebody else.
    PinnedOther,
    /// The freeze keeps somebody else.
    FrozenOther,
    /// The step is done or begun by somebody else.
    BegunByOther,
    /// Not at work then.
    NotAtWork,
    /// At work on another step then.
    BusyThen,
    /// Would not finish before another step of his.
    TooLong,
    /// Cannot be there in time.
    TooFar,
    /// Another rule stands in the way.
    RuleInTheWay,
    /// Could, at a higher cost.
    CostsMore,
    /// Could just as well.
    AsGood,
    /// Could, if the change stood alone, at a lower cost.
    CostsLess,
    /// Could, at another time, with all else unchanged.
    CouldThen,
    /// Materials are complete then.
    Release,
    /// Nothing starts before the moment planned from.
    AsOf,
    /// Follows another step of the ticket.
    AfterStep,
    /// Follows another step of the ticket after a stated time.
    AfterLag,
    /// Follows a wait.
    AfterWait,
    /// May start so long after another started.
    AfterStart,
    /// Follows another ticket.
    AfterTicket,
    /// Follows a step by an order pin.
    AfterOrder,
    /// The person is busy until then.
    PersonBusy,
    /// The person begins the day with a way until then.
    Travel,
    /// The person travels after another step until then.
    TravelAfter,
    /// The person rests until then.
    Rest,
    /// A shared thing is held until then.
    ThingHeld,
    /// The people are at work from then.
    PeopleHours,
    /// The bureau is open from then.
    BureauOpens,
    /// The bureau's quota of earlier dates is used up.
    QuotaFull,
    /// The stated window begins then.
    WindowOpens,
    /// A pin fixes the start.
    PinnedStart,
    /// The freeze keeps the start.
    FrozenStart,
    /// Done or begun at that time.
    BegunAlready,
    /// The start of the previous plan is kept.
    KeptStart,
    /// Nothing is in the way of an earlier start.
    NothingInTheWay,
    /// An earlier start would break a rule.
    RuleHolds,
    /// An earlier start would be cheaper.
    Improvable,
    /// In time.
    OnTime,
    /// Late.
    Late,
    /// No promise was made.
    NoDue,
    /// What one lateness curve comes to.
    CurveAmount,
    /// Other tickets took what it needed.
    LateByOthers,
    /// Its own steps, waits and hours take that long.
    LateByItself,
    /// Pins, the freeze or what is under way hold it.
    LateByPins,
    /// One of its steps starts later than it must.
    LateBySlack,
    /// On its way an hour of a skill is worth most.
    ScarceSkill,
    /// On its way an hour of these people is worth most.
    ScarcePeople,
    /// Nobody may do one of its steps.
    NobodyEligible,
    /// It cannot end in time even alone.
    CannotFit,
    /// Pins and steps under way leave no place.
    HeldByPins,
    /// A companion is left out.
    Companion,
    /// No room beside the others.
    NoRoom,
    /// Serving it would cost more than leaving it out.
    Dearer,
    /// Left out, and the plan does not say why.
    Unstated,
    /// What leaving it out costs.
    UnservedPrice,
    /// Nobody fits one seat; the nearest level.
    NobodyForSeat,
    /// A pin lifted.
    PinLifted,
    /// More overtime for somebody.
    MoreOvertime,
    /// More hours of a skill a day.
    MoreHours,
    /// A window widened.
    WiderWindow,
    /// A hard latest end moved.
    LaterEnd,
    /// A later horizon.
    LaterHorizon,
    /// A later promise.
    LaterDue,
    /// A lower level of a seat.
    LowerLevel,
    /// An exclusion lifted.
    ExclusionLifted,
    /// One more in a bureau's quota.
    MoreQuota,
    /// A later promise of a companion.
    CompanionDue,
    /// An exclusion of a companion lifted.
    CompanionAdmits,
    /// None of the single relaxations helps.
    NothingHelps,
    /// These pins cannot all hold.
    PinsConflict,
    /// Another choice, forced, costs so much more.
    Forced,
    /// Another choice, forced, costs nothing more.
    ForcedFree,
    /// Another choice cannot be forced.
    ForcedNever,
}

/// What a fact is about; the names of the blanks in sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The step spoken of, as `ticket/step`.
    Step,
    /// The ticket spoken of.
    Ticket,
    /// A person.
    Person,
    /// Another person.
    Colleague,
    /// Several people.
    People,
    /// Another step, as `ticket/step`.
    Other,
    /// Another ticket, or several.
    OtherTicket,
    /// A bureau.
    Bureau,
    /// A shared thing.
    Thing,
    /// A skill.
    Skill,
    /// A moment.
    At,
    /// A later moment.
    Until,
    /// A local date.
    Date,
    /// A length of time.
    Minutes,
    /// A further length of time.
    Beside,
    /// A level.
    Level,
    /// A level asked for.
    Needed,
    /// A number.
    Count,
    /// Money.
    Amount,
    /// Further money.
    Further,
    /// A rule's code, such as `H15`.
    Rule,
    /// A sentence of the verifier, or a kind.
    Detail,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Fact {
    /// A key of the scenario.
    Key(String),
    /// Several keys.
    Keys(Vec<String>),
    /// A moment on the scenario's wall clock.
    At(Moment),
    /// A date on it.
    On(Date),
    /// Minutes, a level, a count.
    Number(i64),
    /// Fen.
    Amount(Money),
    /// Words in both languages.
    Words(Label),
}

/// One reason with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    /// What it answers.
    pub question: Question,
    /// The stable code, such as `E46`.
    pub code: &'static str,
    /// The reason.
    pub reason: Reason,
    /// What it is stated with.
    pub facts: BTreeMap<Slot, Fact>,
}

impl Part {
    /// `reason` without facts.
    #[must_use]
    pub fn new(question: Question, reason: Reason) -> Part {
        Part { question, code: reason.code(), reason, facts: BTreeMap::new() }
    }

    /// With one more fact.
    #[must_use]
    pub fn with(mut self, slot: Slot, fact: Fact) -> Part {
        self.facts.insert(slot, fact);
        self
    }

    /// With a key.
    #[must_use]
    pub fn key(self, slot: Slot, key: &str) -> Part {
        self.with(slot, Fact::Key(key.to_owned()))
    }

    /// With a moment.
    #[must_use]
    pub fn at(self, slot: Slot, at: Moment) -> Part {
        self.with(slot, Fact::At(at))
    }

    /// With minutes, a level or a count.
    #[must_use]
    pub fn number(self, slot: Slot, number: i64) -> Part {
        self.with(slot, Fact::Number(number))
    }

    /// With money.
    #[must_use]
    pub fn amount(self, slot: Slot, amount: Money) -> Part {
        self.with(slot, Fact::Amount(amount))
    }

    /// The key in `slot`, if there is one.
    #[must_use]
    pub fn key_of(&self, slot: Slot) -> Option<&str> {
        match self.facts.get(&slot) {
            Some(Fact::Key(key)) => Some(key),
            _ => None,
        }
    }
}

/// What is explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A ticket, by key.
    Ticket(String),
    /// A step, as `ticket/step`.
    Step {
        /// The step, as `ticket/step`.
        step: String,
        /// Its ticket.
        ticket: String,
    },
    /// A person, by key.
    Person(String),
    /// Something about the whole plan.
    Plan,
}

impl Subject {
    /// The ticket whose client may read it, if it is about one.
    #[must_use]
    pub fn ticket(&self) -> Option<&str> {
        match self {
            Subject::Ticket(ticket) | Subject::Step { ticket, .. } => Some(ticket),
            Subject::Person(_) | Subject::Plan => None,
        }
    }
}

/// An explanation: parts in the order in which they are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Explanation {
    /// What is explained.
    pub subject: Subject,
    /// Why.
    pub parts: Vec<Part>,
}

impl Explanation {
    /// The parts that answer `question`.
    pub fn answers(&self, question: Question) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.question == question)
    }

    /// Whether some part has this reason.
    #[must_use]
    pub fn has(&self, reason: Reason) -> bool {
        self.parts.iter().any(|part| part.reason == reason)
    }
}
