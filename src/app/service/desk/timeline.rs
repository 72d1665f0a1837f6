//! What happened to a ticket, told in order: its own events and those beside them, with the words
//! kept apart for whoever may read them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::doing::NOTE;
use super::{must_any, who};
use crate::app::clock::stamp;
use crate::app::service::kept::damaged;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::scene::PROGRESS;
use crate::app::service::tickets::TICKET;
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Event, Stream};
use crate::desk::hash::Hash;
use crate::store::row::Text;

/// The streams beside a ticket's own.
const BESIDE: [&str; 5] = [PROGRESS, "promise", "clock", "link", NOTE];

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Its number among all events.
    pub position: u64,
    /// When.
    pub at: String,
    /// Who did it, as the log has it.
    pub actor: String,
    /// The person behind that.
    pub person: String,
    /// What happened.
    pub kind: String,
    /// What people call that.
    pub name: Label,
    /// The particulars.
    pub payload: Value,
    /// What people call the things that the particulars name by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, Label>,
    /// The words kept apart, for whoever may read them, while they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Service {
    /// What happened to a ticket behind position `after`, in order.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn timeline(
        &self,
        caller: &Caller,
        key: &str,
        after: u64,
        most: usize,
        now_ms: i64,
    ) -> Result<Vec<Entry>, Refusal> {
        must_any(caller, &[Permission::DeskWork, Permission::EventRead])?;
        let names = self.item_names(&self.own_ticket(caller, key)?.document)?;
        let laid = self.laid()?;
        let called = |name: &str| {
            let timer = || laid.as_ref().and_then(|laid| laid.name(name));
            names.get(name).cloned().or_else(timer)
        };
        let mut events = BTreeMap::new();
        let mut notes = BTreeMap::new();
        for kind in BESIDE.into_iter().chain([TICKET]) {
            for event in self.stream_of(&Stream::new(kind, key), u64::MAX)? {
                if kind == NOTE {
                    let payload = value(&event)?;
                    notes.insert(payload["about"].as_u64(), payload["text"].clone());
                } else if event.position > after {
                    events.insert(event.position, event);
                }
            }
        }
        let mut entries = Vec::new();
        let mut is_told = false;
        for event in events.into_values().take(most) {
            let hash = Some(event.seq).filter(|_| event.stream.kind == TICKET);
            let hash = hash.and_then(|seq| notes.get(&Some(seq)));
            let note = match hash {
                Some(hash) if caller.may(Permission::ClientRead) => self.words(hash)?,
                _ => None,
            };
            is_told |= note.is_some();
            entries.push(entry(event, note, &called)?);
        }
        let detail = if is_told { "timeline, notes" } else { "timeline" };
        self.note(caller, (TICKET, key, detail), now_ms)?;
        Ok(entries)
    }

    /// The text of a hash, while it is there.
    fn words(&self, hash: &Value) -> Result<Option<String>, Refusal> {
        let hash = hash.as_str().and_then(|text| text.parse::<Hash>().ok());
        let Some(hash) = hash else { return Ok(None) };
        Ok(match self.store.text(&hash)? {
            Some(Text::Kept(text)) => Some(text.text),
            _ => None,
        })
    }
}

fn value(event: &Event) -> Result<Value, Refusal> {
    event.payload.value().map_err(|_| damaged("event", &event.stream.to_string()))
}

fn entry(
    event: Event,
    note: Option<String>,
    called: &dyn Fn(&str) -> Option<Label>,
) -> Result<Entry, Refusal> {
    let payload = value(&event)?;
    let listed = ["items", "steps"].into_iter().filter_map(|list| payload[list].as_array());
    let alone = [&payload["item"], &payload["timer"]];
    let keys = listed.flatten().chain(alone).filter_map(Value::as_str);
    let names = keys.filter_map(|key| Some((key.to_owned(), called(key)?))).collect();
    Ok(Entry {
        position: event.position,
        at: stamp(event.at_ms),
        person: who::person(&event.actor).to_owned(),
        actor: event.actor,
        name: named(&event.kind),
        kind: event.kind,
        names,
        payload,
        note,
    })
}

/// What people call what happens.
const NAMES: &[(&str, &str, &str)] = &[
    ("ticket.created", "新建", "created"),
    ("ticket.changed", "修改", "changed"),
    ("ticket.promised", "承诺日期", "date promised"),
    ("ticket.cancelled", "取消", "cancelled"),
    ("ticket.erased", "删除个人信息", "personal texts erased"),
    ("ticket.progress", "报告进度", "progress reported"),
    ("ticket.progress_taken_back", "撤回进度", "progress taken back"),
    ("ticket.contacted", "联系客户", "client contacted"),
    ("ticket.assessed", "评估", "assessed"),
    ("ticket.refused", "合规拒绝", "refused for compliance"),
    ("ticket.redirected", "转常规流程", "sent to the normal track"),
    ("ticket.weighed", "论证可行性", "feasibility weighed"),
    ("ticket.material_asked", "告知所需材料", "material asked for"),
    ("ticket.material_received", "收到材料", "material received"),
    ("ticket.material_judged", "预审材料", "material looked at"),
    ("ticket.quoted", "报价", "quoted"),
    ("ticket.accepted", "客户接受", "accepted by the client"),
    ("ticket.promise_moved", "改承诺日期", "another date is promised"),
    ("ticket.dispatched", "派单", "dispatched"),
    ("ticket.reassigned", "换人办理", "given to others"),
    ("ticket.acknowledged", "接单", "acknowledged"),
    ("ticket.rejected", "拒单", "rejected"),
    ("ticket.manager_asked", "转经理决定", "put to the manager"),
    ("ticket.owner_change_asked", "客户要求换人", "another owner asked for"),
    ("ticket.begun", "开始办理", "work begun"),
    ("ticket.wait_begun", "开始等待", "waits"),
    ("ticket.wait_over", "等待结束", "waits no more"),
    ("ticket.anomaly_raised", "出现异常", "something went wrong"),
    ("ticket.anomaly_answered", "答复异常", "that was answered"),
    ("ticket.returned", "退回重做", "came back"),
    ("ticket.self_checked", "自查", "self-checked"),
    ("ticket.reviewed", "复核", "reviewed"),
    ("ticket.delivered", "交付", "delivered"),
    ("ticket.signed", "签收", "signed"),
    ("ticket.surveyed", "满意度回访", "surveyed"),
    ("ticket.looked_back", "复盘", "looked back on"),
    ("ticket.archived", "归档", "archived"),
    ("ticket.called_off", "取消", "called off"),
    ("ticket.passed_to_specialist", "转财税专员", "passed to a specialist"),
    ("ticket.passed_to_director", "转总监", "passed to a director"),
    ("ticket.solution_given", "给出方案", "solution given"),
    ("ticket.meeting_held", "召开专项会议", "meeting held"),
    ("ticket.on_site_called", "要求上门", "on-site help called"),
    ("ticket.on_site_arrived", "已上门", "arrived on site"),
    ("ticket.company_known", "了解企业", "knows the company"),
    ("ticket.guided_on_site", "完成现场辅导", "guided on site"),
    ("ticket.kicked_off", "启动", "kicked off"),
    ("ticket.agencies_synced", "同步各部门进度", "authorities synced"),
    ("ticket.daily_reported", "发送进度日报", "daily report sent"),
    ("ticket.client_told", "告知客户", "client told"),
    ("ticket.client_chased", "客户催问", "client asked how it stands"),
    ("ticket.forecast", "更新预计日期", "forecast"),
    ("ticket.step_differed", "步骤快慢有别", "a step differed"),
    ("ticket.blocked", "受阻", "blocked"),
    ("ticket.block_reported", "报告受阻", "block reported"),
    ("ticket.unblocked", "障碍排除", "unblocked"),
    ("ticket.overridden", "特殊处理", "rule set aside"),
    ("ticket.evidence_filed", "留痕", "evidence filed"),
    ("ticket.document_filed", "归入文件", "document filed"),
    ("ticket.finding_noted", "记录发现", "finding noted"),
    ("ticket.regulation_checked", "核对现行规定", "checked against regulation"),
    ("ticket.approval_asked", "报审批", "approval asked"),
    ("ticket.approved", "审批通过", "approved"),
    ("ticket.billed", "开出账单", "billed"),
    ("ticket.paid", "已付款", "paid"),
    ("ticket.suggested", "客户建议", "client suggested"),
    ("ticket.improved", "改进", "improved"),
    ("ticket.defect_found", "签收后发现差错", "error found after signature"),
    ("ticket.defect_mended", "差错已改正", "the error was put right"),
    ("ticket.manual_written", "写入优化手册", "manual written"),
    ("ticket.answered", "答复客户", "client answered"),
    ("ticket.assisted", "协助稽查或办事", "helped with an audit or at an authority"),
    ("ticket.material_prechecked", "智能预审", "material prechecked"),
    ("ticket.client_due", "约定客户交材料时间", "material agreed by a date"),
    ("ticket.client_late", "客户材料迟到", "material came late"),
    ("ticket.visit_proposed", "提出回访", "visit proposed"),
    ("ticket.visit_agreed", "业务人员确认回访", "visit agreed"),
    ("ticket.visit_made", "完成回访", "visit made"),
    ("ticket.call_missed", "未接来电", "call missed"),
    ("ticket.call_returned", "回电", "call returned"),
    ("ticket.linked", "并入同类问题", "linked to the same trouble"),
    ("ticket.clock_warned", "时限预警", "a clock warned"),
    ("ticket.clock_breached", "超时", "a clock ran out"),
    ("ticket.escalated", "升级", "escalated"),
    ("ticket.level_called", "应升级响应", "a higher level of response is called for"),
    ("ticket.reminder_due", "应提醒客户签收", "the client is to be reminded"),
    ("ticket.link_made", "生成进度链接", "progress link made"),
    ("ticket.link_revoked", "收回进度链接", "progress link taken back"),
    ("promise.at_risk", "承诺有风险", "the promise is at risk"),
    ("promise.safe", "承诺恢复可守", "the promise is safe again"),
    ("ticket.noted", "留下备注", "words noted"),
    ("application.submitted", "提交入驻申请", "application handed in"),
    ("application.rejected", "驳回入驻申请", "application sent back"),
    ("application.approved", "通过入驻申请", "application approved"),
    ("base.changed", "修改基础数据", "base changed"),
    ("policy.changed", "修改规则", "policy changed"),
    ("client.changed", "修改客户", "client changed"),
    ("client.erased", "删除客户资料", "client erased"),
    ("person.changed", "修改员工", "person changed"),
    ("person.removed", "移除员工", "person taken away"),
    ("person.absent", "登记请假", "absence noted"),
    ("person.back", "取消请假", "absence taken away"),
    ("plan.published", "发布计划", "plan published"),
    ("plan.replanned", "重排计划", "planned anew"),
    ("plan.replan_failed", "重排未成", "planning anew failed"),
    ("hook.created", "订阅事件", "hook made"),
    ("hook.removed", "取消订阅", "hook taken away"),
    ("key.made", "新建密钥", "key made"),
    ("key.rotated", "轮换密钥", "key rotated"),
    ("key.revoked", "收回密钥", "key taken back"),
];

/// What people call an event of this kind; the kind itself where they have no word for it.
#[must_use]
pub fn named(kind: &str) -> Label {
    let row = NAMES.iter().find(|(known, ..)| *known == kind);
    row.map_or_else(|| Label::new(kind, kind), |(_, zh, en)| Label::new(*zh, *en))
}
