//! The sentences of refusals about what stands beside the stages.

use super::Refusal;
use crate::calendar::Label;
use crate::time::Money;

/// Why not; `None` for all others.
pub(super) fn because(refusal: &Refusal) -> Option<Label> {
    let (zh, en) = match refusal {
        Refusal::PostOnly(post) => {
            let post = post.label();
            (format!("只有{}能这样做", post.zh), format!("only {} can do so", post.en))
        }
        Refusal::NotApproved(post) => {
            let post = post.label();
            (format!("尚未经{}审批", post.zh), format!("{} has not approved it", post.en))
        }
        Refusal::OldRegulation(version) => (
            format!("尚未按现行规定“{version}”核对"),
            format!("it was not checked against what is in force, \"{version}\""),
        ),
        Refusal::Budget(most) => (
            format!("今天给客户的消息已达 {most} 条"),
            format!("the client got {most} messages today"),
        ),
        Refusal::NotTolerable(item) => {
            (format!("“{item}”不在容缺之列"), format!("nothing begins without \"{item}\""))
        }
        Refusal::NotSetAside(rule) => {
            (format!("规则 {rule} 不能暂停适用"), format!("rule {rule} is never set aside"))
        }
        Refusal::OtherVersion(name) => (
            format!("“{name}”的现行版本不是所写的那份"),
            format!("another version of \"{name}\" is current"),
        ),
        Refusal::KickOff(steps) => (
            format!("启动事项未做完：{}", steps.join("、")),
            format!("not all was begun with: {}", steps.join(", ")),
        ),
        Refusal::Blocked(reason) => {
            (format!("项目受阻：{reason}"), format!("it cannot go on: {reason}"))
        }
        Refusal::Application(stands) => (
            format!("申请的状态不允许：{}", stands.zh),
            format!("the application stands otherwise: {}", stands.en),
        ),
        Refusal::OtherDepartment(_) | Refusal::Nobody(_) | Refusal::Unable(..) => {
            of_people(refusal)?
        }
        Refusal::ComesFirst(ticket, service) => comes_first(ticket, service),
        Refusal::OtherBill(Some(fen)) => unpaid(Money(*fen)),
        Refusal::NoEvidence(source) => {
            let source = source.label();
            (format!("{}尚未留存", source.zh), format!("{} is not on file", source.en))
        }
        Refusal::Kept(None) => {
            ("档案尚未归档，不能删除".to_owned(), "its file is not closed yet".to_owned())
        }
        Refusal::Kept(Some(_)) => {
            ("档案仍在保存期内，不能删除".to_owned(), "its file is still kept".to_owned())
        }
        plain => match plainly(plain) {
            Some((zh, en)) => (zh.to_owned(), en.to_owned()),
            None => super::later::because(plain)?,
        },
    };
    Some(Label::new(zh, en))
}

/// The codes from D056 on.
pub(super) fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Nobody(_) => "D056",
        Refusal::Unable(..) => "D057",
        Refusal::ComesFirst(..) => "D058",
        Refusal::OtherBill(_) => "D059",
        other => super::later::code(other),
    }
}

/// Why work does not begin.
fn comes_first(ticket: &str, service: &Label) -> (String, String) {
    (format!("须先办完 {ticket}：{}", service.zh), format!("{ticket} comes first: {}", service.en))
}

/// Why a second bill is not taken.
fn unpaid(amount: Money) -> (String, String) {
    (format!("已有未付账单 {amount}"), format!("a bill of {amount} is not paid yet"))
}

/// Why somebody does not get a ticket.
fn of_people(refusal: &Refusal) -> Option<(String, String)> {
    Some(match refusal {
        Refusal::OtherDepartment(free) => (
            format!("本部门的 {free} 有时间推进"),
            format!("{free} of the department that has it has the time to drive it"),
        ),
        Refusal::Nobody(person) => {
            (format!("没有 {person} 这个人"), format!("there is nobody called {person}"))
        }
        Refusal::Unable(person, part) => {
            let part = part.label();
            (format!("{person} 不能担任{}", part.zh), format!("{person} cannot be {}", part.en))
        }
        _ => return None,
    })
}

fn plainly(refusal: &Refusal) -> Option<(&'static str, &'static str)> {
    Some(match refusal {
        Refusal::ManagerFirst => {
            ("受阻须先告知部门经理", "the department manager is told first that it cannot go on")
        }
        Refusal::NotBlocked => ("项目没有受阻", "nothing keeps it from going on"),
        Refusal::Past => ("期限已过", "that moment is past"),
        Refusal::OwnWord => {
            ("经办人员不能代客户签收或评价", "who worked on it does not speak for the client")
        }
        Refusal::OwnApproval => {
            ("报审人和推进人不能自己审批", "who asks for it, or drives it, does not approve it")
        }
        Refusal::SameCrew => ("这几个人已在办理", "they have it already"),
        Refusal::OtherConfirmation => {
            ("签收的不是现行的确认单", "what is signed is not the confirmation as it stands")
        }
        Refusal::LateEnd => {
            ("结果已出，取消须由经理决定", "its result is there: only the manager calls it off now")
        }
        Refusal::Interval => ("最早日期晚于最迟日期", "the earliest date is after the latest"),
        Refusal::Amount => ("金额不能为负", "an amount is not below nought"),
        Refusal::NoApprovalAsked => ("没有待审批事项", "nobody asked for approval"),
        Refusal::NothingOwed => ("没有未付款项", "nothing is owed"),
        Refusal::OtherBill(None) => {
            ("没有可取代的未付账单", "no bill is unpaid that it could replace")
        }
        Refusal::NoVisit => ("没有约定的回访", "no visit is proposed"),
        Refusal::VisitNotAgreed => {
            ("回访尚未与业务人员沟通", "marketing has not agreed to the visit")
        }
        Refusal::NoCall => ("没有未接来电", "no call was missed"),
        Refusal::NotConfirmed => ("尚未确认内容属实", "nobody confirmed that what it says is true"),
        _ => return None,
    })
}

/// What to do about it; `None` for all others.
pub(super) fn hint(refusal: &Refusal) -> Option<(&'static str, &'static str)> {
    Some(match refusal {
        Refusal::PostOnly(_) => ("请由该岗位的人办理", "ask somebody of that post"),
        Refusal::OwnWord => ("请客户或他人登记", "let the client say so, or somebody else"),
        Refusal::OwnApproval => ("请由他人审批", "let somebody else approve it"),
        Refusal::SameCrew => ("请写要换的人", "name whom it goes to"),
        Refusal::OtherConfirmation => {
            ("请读取确认单，按其摘要签收", "read the confirmation, and sign its digest")
        }
        Refusal::OtherDepartment(_) => (
            "请先在本部门内更换，或由部门经理准予跨部门",
            "give it to the department first, or let its manager set that aside",
        ),
        Refusal::Nobody(_) => (
            "请先建立其人员档案，或在规则的 desk.posts 写明其岗位",
            "put him on record, or give him a post in desk.posts of the policy",
        ),
        Refusal::Unable(..) => (
            "请派非见习、具备该席位技能的人",
            "name somebody who is no trainee and has the skill of that seat",
        ),
        Refusal::ComesFirst(..) => (
            "请先办完该工单；客户已自行办完的，请在客户档案的 completed 写明",
            "finish that ticket; what the client has completed elsewhere goes on his record",
        ),
        Refusal::LateEnd => ("请交经理决定", "leave it to the manager"),
        Refusal::NotApproved(_) => ("请报该岗位审批", "ask for approval, the amount with it"),
        Refusal::OldRegulation(_) => {
            ("请审核人按现行规定核对", "let the reviewer check it against that version")
        }
        Refusal::Budget(_) => {
            ("并入进度日报，或明天再发", "put it into the daily report, or send it tomorrow")
        }
        Refusal::NotTolerable(_) => ("请客户补齐", "ask the client for it"),
        Refusal::NotSetAside(_) => ("请按规则办理", "keep to the rule"),
        Refusal::OtherVersion(_) => {
            ("请写明被替换的现行版本", "name the version it takes the place of")
        }
        Refusal::KickOff(_) => ("请逐项完成", "do each of them"),
        Refusal::Blocked(_) => ("请先排除障碍", "get it going first"),
        Refusal::Kept(_) => ("期满后再删", "delete it when its time is over"),
        Refusal::ManagerFirst => ("请先告知部门经理", "tell the department manager"),
        Refusal::NotBlocked => ("请先登记受阻原因", "put on record why it cannot go on"),
        Refusal::Past => ("请写将来的时间", "write a later moment"),
        Refusal::Interval => ("请写先后正确的两个日期", "write both dates in their order"),
        Refusal::Amount => ("请写正确的金额", "write the amount"),
        Refusal::NoApprovalAsked => ("请先提交审批", "ask for approval first"),
        Refusal::NothingOwed => ("请先登记账单", "put the bill on record first"),
        Refusal::OtherBill(Some(_)) => (
            "请在 replaces_fen 写明所取代账单的金额（分）",
            "say as replaces_fen, in fen, which amount it takes the place of",
        ),
        Refusal::OtherBill(None) => ("请去掉 replaces_fen", "leave replaces_fen out"),
        Refusal::NotConfirmed => ("请核对后确认", "read it again and confirm"),
        Refusal::Application(_) => ("请按当前状态办理", "do what comes next in it"),
        Refusal::NoEvidence(_) => ("请先留存", "file it first"),
        Refusal::NoVisit => ("请先登记时间与事项", "put its time and matters on record first"),
        Refusal::VisitNotAgreed => ("请业务人员确认", "let marketing confirm it"),
        Refusal::NoCall => ("请先登记未接来电", "put the missed call on record first"),
        other => return super::later::hint(other),
    })
}
