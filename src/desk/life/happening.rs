//! What can happen to a ticket after it was created, each an event of its stream, named by kind.
//! Texts about persons are in none of them: see [`crate::desk::personal`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{
    Assessment, Billing, Confirmed, Crew, Defect, Material, Matter, Mended, Node, Rating, Rework,
    Settlement, Sheet, Source, Verdict,
};
use crate::desk::clock::Wait;
use crate::policy::desk::Post;

/// Something that happened to a ticket.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "payload", deny_unknown_fields)]
pub enum Happening {
    /// The client was called, and what he wants confirmed (R125).
    #[serde(rename = "ticket.contacted")]
    Contacted(Confirmed),
    /// It was assessed.
    #[serde(rename = "ticket.assessed")]
    Assessed(Assessment),
    /// It crosses a red line and is refused for good (R013).
    #[serde(rename = "ticket.refused")]
    Refused {
        /// The code of the red line.
        red_line: String,
        /// The service that is lawful instead (R015).
        alternative: Option<String>,
    },
    /// Its urgency is false: the normal track is quick enough (R004).
    #[serde(rename = "ticket.redirected")]
    Redirected {
        /// By how much the normal track is early, in milliseconds; by the plan where none is said.
        slack_ms: Option<i64>,
    },
    /// Its feasibility was weighed (R020).
    #[serde(rename = "ticket.weighed")]
    Weighed {
        /// Is anybody free?
        people: Verdict,
        /// Does the process allow it?
        process: Verdict,
        /// Are there tools for it?
        tools: Verdict,
        /// Can the risk be borne?
        risk: Verdict,
    },
    /// The client was told what material is needed (R027).
    #[serde(rename = "ticket.material_asked")]
    MaterialAsked {
        /// The items.
        items: Vec<String>,
    },
    /// Material came in.
    #[serde(rename = "ticket.material_received")]
    MaterialReceived {
        /// The items.
        items: Vec<String>,
        /// What was read of their scans, by item, for rules to look at (R058).
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sheets: BTreeMap<String, Sheet>,
    },
    /// An item was looked at.
    #[serde(rename = "ticket.material_judged")]
    MaterialJudged {
        /// Which.
        item: String,
        /// What was found.
        found: Material,
        /// When it expires, if it does.
        expires_ms: Option<i64>,
    },
    /// Options were quoted.
    #[serde(rename = "ticket.quoted")]
    Quoted {
        /// The digest of the quote.
        quote: String,
    },
    /// The client accepted an option; its date is promised, with the plan it rests on (R040).
    #[serde(rename = "ticket.accepted")]
    Accepted {
        /// The digest of the quote.
        quote: String,
        /// Which option.
        option: String,
        /// The digest of the plan.
        plan: String,
        /// The date promised.
        finish_ms: i64,
    },
    /// Another date is promised in the place of the one before, with the plan it rests on (R131).
    #[serde(rename = "ticket.promise_moved")]
    PromiseMoved {
        /// The digest of the plan.
        plan: String,
        /// The date promised.
        finish_ms: i64,
        /// The quote by which the client took it; none where the firm alone moves it (R012).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<String>,
    },
    /// It was given to people (R043).
    #[serde(rename = "ticket.dispatched")]
    Dispatched(Crew),
    /// Somebody else has a part in it, as whoever had that cannot; nobody is banned by it (R065).
    #[serde(rename = "ticket.reassigned")]
    Reassigned {
        /// Who has it now.
        crew: Crew,
        /// Why.
        reason: String,
    },
    /// The driver takes it.
    #[serde(rename = "ticket.acknowledged")]
    Acknowledged {},
    /// The driver judges that it cannot be done (R191).
    #[serde(rename = "ticket.rejected")]
    Rejected {
        /// Why.
        reason: String,
    },
    /// After a second rejection the manager decides (R192).
    #[serde(rename = "ticket.manager_asked")]
    ManagerAsked {},
    /// The client wants somebody else (R189).
    #[serde(rename = "ticket.owner_change_asked")]
    OwnerChangeAsked {
        /// Why.
        reason: String,
    },
    /// Work began.
    #[serde(rename = "ticket.begun")]
    Begun {},
    /// It waits.
    #[serde(rename = "ticket.wait_begun")]
    WaitBegun {
        /// For what.
        wait: Wait,
        /// Whether it follows from material that is lacking (R029): never claimed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        for_material: bool,
        /// By when that is expected to be over: no plan goes on with it before (H6).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<i64>,
    },
    /// It waits no more.
    #[serde(rename = "ticket.wait_over")]
    WaitOver {
        /// For what it waited.
        wait: Wait,
        /// Whether it follows from material that is there by now: never claimed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        for_material: bool,
    },
    /// Something went wrong (R071).
    #[serde(rename = "ticket.anomaly_raised")]
    AnomalyRaised {
        /// What.
        what: String,
        /// Until when nothing of it goes on, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<i64>,
    },
    /// That was answered.
    #[serde(rename = "ticket.anomaly_answered")]
    AnomalyAnswered {
        /// Why it went wrong.
        cause: String,
        /// What is done about it.
        remedy: String,
        /// Whether the client was told.
        is_client_told: bool,
    },
    /// It came back and has to be done again (R072).
    #[serde(rename = "ticket.returned")]
    Returned {
        /// Why.
        reason: String,
        /// Of what kind that is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<Rework>,
    },
    /// Who did it has looked over it (R081, R082).
    #[serde(rename = "ticket.self_checked")]
    SelfChecked {
        /// The items of the checklist that were ticked.
        items: Vec<String>,
    },
    /// Somebody else has looked over it.
    #[serde(rename = "ticket.reviewed")]
    Reviewed {
        /// The items of the checklist that were ticked.
        items: Vec<String>,
    },
    /// The result went to the client (R084, R087).
    #[serde(rename = "ticket.delivered")]
    Delivered {
        /// By which steps, in their order.
        steps: Vec<String>,
        /// The number of the courier's parcel, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tracking: Option<String>,
    },
    /// The client signed: service ends here (R086).
    #[serde(rename = "ticket.signed")]
    Signed {
        /// The digest of the confirmation that he signed (R085); older records do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<String>,
    },
    /// The client said how it was (R088).
    #[serde(rename = "ticket.surveyed")]
    Surveyed(Rating),
    /// It was looked back on (R090).
    #[serde(rename = "ticket.looked_back")]
    LookedBack {
        /// What went well.
        well: String,
        /// What is to be improved.
        improve: String,
    },
    /// It was filed away (R077).
    #[serde(rename = "ticket.archived")]
    Archived {
        /// Until when nothing of it may be deleted.
        keep_until_ms: i64,
    },
    /// It was called off.
    #[serde(rename = "ticket.called_off")]
    CalledOff {
        /// Why.
        reason: String,
        /// What it comes to; older records do not say. It is counted, never claimed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        settled: Option<Settlement>,
    },
    /// It needs somebody who knows the field: response of level 2 (R126, R185).
    #[serde(rename = "ticket.passed_to_specialist")]
    PassedToSpecialist {
        /// Which field, or what the first agent cannot answer.
        reason: String,
    },
    /// It takes several departments: response of level 3 (R127).
    #[serde(rename = "ticket.passed_to_director")]
    PassedToDirector {
        /// Why.
        reason: String,
    },
    /// The client has a first solution or an answer (R126).
    #[serde(rename = "ticket.solution_given")]
    SolutionGiven {
        /// Which.
        what: String,
    },
    /// The director's meeting was held and made a plan (R127).
    #[serde(rename = "ticket.meeting_held")]
    MeetingHeld {
        /// The plan, or its digest.
        plan: String,
    },
    /// The client asked for somebody on site (R113).
    #[serde(rename = "ticket.on_site_called")]
    OnSiteCalled {},
    /// Somebody is there.
    #[serde(rename = "ticket.on_site_arrived")]
    OnSiteArrived {},
    /// The driver knows the company (R181).
    #[serde(rename = "ticket.company_known")]
    CompanyKnown {},
    /// The client was guided on site (R182).
    #[serde(rename = "ticket.guided_on_site")]
    GuidedOnSite {},
    /// The driver began with what a driver begins with (R183).
    #[serde(rename = "ticket.kicked_off")]
    KickedOff {
        /// What was done, each with its evidence on file.
        steps: Vec<String>,
    },
    /// The progress at all authorities was put together (R047).
    #[serde(rename = "ticket.agencies_synced")]
    AgenciesSynced {
        /// How they stand.
        state: String,
    },
    /// The daily report went to the client (R068).
    #[serde(rename = "ticket.daily_reported")]
    DailyReported {
        /// The digest of what was sent.
        digest: String,
    },
    /// The client was told something (R048, R073).
    #[serde(rename = "ticket.client_told")]
    ClientTold {
        /// Of what kind it was.
        node: Node,
        /// What; of a risk the words it is due with (R074) where nothing is said.
        #[serde(default)]
        what: String,
    },
    /// The client asked how it stands (R066).
    #[serde(rename = "ticket.client_chased")]
    ClientChased {},
    /// When it will be done was forecast anew (R075, R080).
    #[serde(rename = "ticket.forecast")]
    ForecastMade {
        /// If nothing goes wrong; the finish of the plan in force where nothing is said.
        earliest_ms: Option<i64>,
        /// If what may come comes; as much later as that takes where nothing is said.
        latest_ms: Option<i64>,
        /// Working days that it takes, if it comes: both dates are counted by them anew (R075).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        may_add_days: Option<u32>,
        /// Why it changed.
        reason: String,
    },
    /// A step took longer or less long than planned (R091).
    #[serde(rename = "ticket.step_differed")]
    StepDiffered {
        /// Which.
        step: String,
        /// What was saved; lost, if below nought.
        saved_ms: i64,
        /// Why.
        cause: String,
    },
    /// It cannot go on (R187).
    #[serde(rename = "ticket.blocked")]
    Blocked {
        /// Why.
        reason: String,
        /// Until when nothing of it goes on, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<i64>,
    },
    /// Somebody was told that it cannot go on (R187).
    #[serde(rename = "ticket.block_reported")]
    BlockReported {
        /// Who.
        to: Post,
    },
    /// It goes on again.
    #[serde(rename = "ticket.unblocked")]
    Unblocked {},
    /// A rule is set aside for a while (R188).
    #[serde(rename = "ticket.overridden")]
    Overridden {
        /// The code of the refusal.
        rule: String,
        /// Why.
        reason: String,
        /// Until when.
        until_ms: i64,
    },
    /// A trace was kept (R076).
    #[serde(rename = "ticket.evidence_filed")]
    EvidenceFiled {
        /// Where it is from.
        source: Source,
        /// Its digest.
        digest: String,
        /// When it came about.
        at_ms: i64,
    },
    /// A document was filed, or one in place of another (R195).
    #[serde(rename = "ticket.document_filed")]
    DocumentFiled {
        /// What it is.
        name: String,
        /// Its digest.
        digest: String,
        /// The digest of the version it replaces.
        supersedes: Option<String>,
    },
    /// Something was found (R194, R195).
    #[serde(rename = "ticket.finding_noted")]
    FindingNoted {
        /// What.
        what: String,
        /// What to do about it.
        advice: String,
        /// Whether only marketing may speak of it.
        is_sensitive: bool,
    },
    /// The reviewer checked it against a regulation (R049).
    #[serde(rename = "ticket.regulation_checked")]
    RegulationChecked {
        /// Which version.
        version: String,
    },
    /// Somebody has to approve it (R052).
    #[serde(rename = "ticket.approval_asked")]
    ApprovalAsked {
        /// The amount, in fen.
        amount_fen: i64,
    },
    /// It was approved.
    #[serde(rename = "ticket.approved")]
    Approved {},
    /// The client was billed (R193).
    #[serde(rename = "ticket.billed")]
    Billed(Billing),
    /// The client paid.
    #[serde(rename = "ticket.paid")]
    Paid {},
    /// The client suggested something (R088).
    #[serde(rename = "ticket.suggested")]
    Suggested {
        /// What.
        what: String,
    },
    /// Something was improved in turn (R089).
    #[serde(rename = "ticket.improved")]
    Improved {
        /// What.
        what: String,
        /// Who sees to it.
        owner: String,
        /// What changed.
        effect: String,
    },
    /// An entry of the manual of urgent services was written (R092).
    #[serde(rename = "ticket.manual_written")]
    ManualWritten {
        /// The service, or the version of its template.
        template: String,
        /// What was learned.
        entry: String,
    },
    /// The client has the answer to what he asked (R110, R113).
    #[serde(rename = "ticket.answered")]
    Answered(Matter),
    /// The client was helped with an audit or at an authority, as is agreed with him (R116).
    #[serde(rename = "ticket.assisted")]
    Assisted(Matter),
    /// Rules looked at an item before anybody did (R058).
    #[serde(rename = "ticket.material_prechecked")]
    MaterialPrechecked {
        /// Which.
        item: String,
        /// What they found.
        found: Material,
    },
    /// The client was told by when material must be there (R032).
    #[serde(rename = "ticket.client_due")]
    ClientDue {
        /// The items.
        items: Vec<String>,
        /// By when.
        by_ms: i64,
    },
    /// It came later than that: the promise moves by as much (R032).
    #[serde(rename = "ticket.client_late")]
    ClientLate {
        /// The items.
        items: Vec<String>,
        /// By how much, in milliseconds of the office's time.
        late_ms: i64,
        /// When it is owed by that: so much of the office's time after the promise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owed_ms: Option<i64>,
    },
    /// A visit to the client is to be agreed with marketing (R184).
    #[serde(rename = "ticket.visit_proposed")]
    VisitProposed {
        /// When.
        at_ms: i64,
        /// Whether somebody goes there.
        is_on_site: bool,
        /// What about.
        matters: String,
    },
    /// Marketing agrees to the visit (R184).
    #[serde(rename = "ticket.visit_agreed")]
    VisitAgreed {},
    /// The client was visited.
    #[serde(rename = "ticket.visit_made")]
    VisitMade {},
    /// The client called and nobody was there (R186).
    #[serde(rename = "ticket.call_missed")]
    CallMissed {},
    /// He was called back.
    #[serde(rename = "ticket.call_returned")]
    CallReturned {},
    /// In an emergency it is one of many with the same trouble (R135).
    #[serde(rename = "ticket.linked")]
    Linked {
        /// The first of them.
        to: String,
    },
    /// An error was found after the client signed (R083, R097).
    #[serde(rename = "ticket.defect_found")]
    DefectFound(Defect),
    /// That was put right (R083).
    #[serde(rename = "ticket.defect_mended")]
    DefectMended(Mended),
}
