//! The codes from D060 on, and the sentences of their refusals.

use super::Refusal;

/// The code.
pub(super) fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NobodyMends => "D060",
        Refusal::NoDefect => "D061",
        Refusal::NoTracking(_) => "D063",
        Refusal::NoResult(_) => "D064",
        Refusal::NotOnSite(_) => "D065",
        _ => "D062",
    }
}

/// Why not; `None` for all others.
pub(super) fn because(refusal: &Refusal) -> Option<(String, String)> {
    if let Refusal::Backwards(first) = refusal {
        return Some((
            format!("该工单已有更晚的记录，最早可登记的时刻为 {first}"),
            format!("a later event of the ticket is on record: the first moment left is {first}"),
        ));
    }
    match refusal {
        Refusal::NoTracking(step) => {
            return Some((format!("“{step}”没有单号"), format!("\"{step}\" has no number")));
        }
        Refusal::NoResult(items) => {
            return Some((
                format!("结果文件未登记：{}", items.join("、")),
                format!("files of the result are not on record: {}", items.join(", ")),
            ));
        }
        Refusal::NotOnSite(tier) => {
            return Some((
                format!("客户的“{}”不含上门", tier.zh),
                format!("nobody comes on site by the client's tier, {}", tier.en),
            ));
        }
        _ => {}
    }
    let (zh, en) = match refusal {
        Refusal::NobodyMends => (
            "须写明由谁改正，或为何无须改正，两者择一",
            "either who puts it right is said, or why nobody has to",
        ),
        Refusal::NoDefect => ("没有这项待改正的差错", "no such error is to be put right"),
        _ => return None,
    };
    Some((zh.to_owned(), en.to_owned()))
}

/// What to do about it; `None` for all others.
pub(super) fn hint(refusal: &Refusal) -> Option<(&'static str, &'static str)> {
    Some(match refusal {
        Refusal::NobodyMends => (
            "请在 follow_up 写改正的工单或人员，或在 needs_none 写理由",
            "name the ticket or the person as follow_up, or say why as needs_none",
        ),
        Refusal::Backwards(_) => (
            "请改用不早于此的时刻；事情发生得更早的，写在该事项自己的时间里",
            "say a moment that is not before it; when it came about goes among its particulars",
        ),
        Refusal::NoTracking(_) => {
            ("请在 tracking 写明快递单号", "say the number of the parcel as tracking")
        }
        Refusal::NotOnSite(_) => (
            "请提出回访 visit_proposed，或由部门经理准予（overridden，rule 写 D065）",
            "propose a visit, or let the department manager set that aside (rule D065)",
        ),
        Refusal::NoResult(_) => (
            "请先以 document_filed 登记这些文件",
            "put each of them on record with document_filed first, under that name",
        ),
        Refusal::NoDefect => (
            "请先登记 defect_found，或核对 number",
            "put defect_found on record first, or check the number",
        ),
        _ => return None,
    })
}
