//! The part of the table of routes that is about kept things.

use super::webhooks;
use super::{clients, desk, events, keys, notes, people, plans, progress, quotes, tickets};
use crate::app::service::role::Permission as P;
use crate::web::error::Code;
use crate::web::route::{Route, delete, get, patch, post, put};

/// Routes over kept things.
pub(crate) fn routes() -> Vec<Route> {
    let parts = [
        tickets(),
        desk(),
        beside(),
        joining(),
        clients(),
        people(),
        plans(),
        quotes(),
        records(),
        hooks(),
    ];
    parts.into_iter().flatten().collect()
}

fn tickets() -> Vec<Route> {
    vec![
        post("/v1/tickets", tickets::create)
            .needs(P::TicketCreate)
            .repeatable()
            .may(&[Code::Conflict])
            .says("新建工单", "Create a ticket"),
        get("/v1/tickets", tickets::list).needs(P::TicketRead).says("工单一览", "List tickets"),
        get("/v1/tickets/{id}", tickets::one)
            .needs(P::TicketRead)
            .may(&[Code::NotFound])
            .says("一张工单及其在计划中的情况", "A ticket, and how it stands in the plan"),
        patch("/v1/tickets/{id}", tickets::change)
            .needs(P::TicketChange)
            .conditional()
            .may(&[Code::NotFound, Code::Impossible])
            .says("修改工单", "Change a ticket"),
        delete("/v1/tickets/{id}", tickets::cancel)
            .needs(P::TicketChange)
            .conditional()
            .may(&[Code::NotFound, Code::Conflict, Code::Impossible])
            .says(
                "取消工单；已取消的照样回答",
                "Call a ticket off; one that was is answered as it is",
            ),
        delete("/v1/tickets/{id}/personal", tickets::erase)
            .needs(P::ClientErase)
            .may(&[Code::NotFound, Code::Changed, Code::Conflict])
            .says("删除工单的个人资料", "Erase what was written about a ticket"),
        post("/v1/tickets/{id}/promise", tickets::promise)
            .needs(P::QuoteAccept)
            .conditional()
            .may(&[Code::NotFound, Code::Conflict, Code::Impossible])
            .says("按在执行的计划承诺日期", "Promise the date of the plan in force"),
        get("/v1/tickets/{id}/price", tickets::price)
            .needs(P::ClientFinance)
            .may(&[Code::NotFound])
            .says("为什么是这个价", "Why a ticket costs what it costs"),
        get("/v1/tickets/{id}/events", tickets::events)
            .needs(P::EventRead)
            .says("工单的记录", "The events of a ticket"),
    ]
}

fn desk() -> Vec<Route> {
    vec![
        post("/v1/tickets/{id}/happenings", desk::happen)
            .needs(P::TicketRead)
            .conditional()
            .repeatable()
            .may(&[Code::NotFound, Code::Conflict, Code::Impossible])
            .says("登记工单上发生的事", "Put on record what happened to a ticket"),
        get("/v1/tickets/{id}/desk", desk::dossier)
            .needs(P::TicketRead)
            .may(&[Code::NotFound])
            .says("工单全貌", "What the desk knows of a ticket: urgency, candidates, settlement"),
        get("/v1/tickets/{id}/confirmation", desk::confirmation)
            .needs(P::TicketRead)
            .may(&[Code::NotFound])
            .says("结果确认单", "The confirmation of a result, whose digest the client signs"),
        get("/v1/tickets/{id}/timeline", desk::timeline)
            .needs(P::TicketRead)
            .may(&[Code::NotFound])
            .says("工单经过", "What happened to a ticket, with the words kept apart"),
        post("/v1/tickets/{id}/progress-link", progress::make)
            .needs(P::DeskWork)
            .repeatable()
            .may(&[Code::NotFound, Code::Conflict, Code::Changed])
            .says(
                "生成客户的进度链接与二维码，只显示一次",
                "A client's progress link, told this once",
            )
            .adds(notes::told_once("链接与二维码", "address and code")),
        delete("/v1/tickets/{id}/progress-link", progress::revoke)
            .needs(P::DeskWork)
            .may(&[Code::NotFound, Code::Changed])
            .says("收回进度链接", "Take a progress link back"),
        get("/p/{token}", progress::view)
            .may(&[Code::NotFound, Code::TooMany])
            .says("客户的进度页", "What a client sees of his ticket"),
        get("/v1/desk/due", desk::due)
            .needs(P::DeskWork)
            .says("到期事项", "Clocks of tickets that warn or run out, by time"),
        post("/v1/desk/replan", desk::replan)
            .needs(P::PlanDraft)
            .repeatable()
            .may(&[Code::NotFound, Code::Conflict, Code::Impossible])
            .says(
                "按在执行的计划重排，可立即发布",
                "Plan anew from the plan in force, at the price of change; published if wanted",
            ),
        post("/v1/desk/learned", desk::learn)
            .needs(P::BaseChange)
            .may(&[Code::Conflict, Code::Impossible])
            .says("采用实测工时", "Put minutes learned from steps done in the place of the base's"),
        get("/v1/desk/papers", desk::papers)
            .needs(P::TicketRead)
            .may(&[Code::Invalid])
            .says("客户的电子档案", "The papers and traces of a client, the latest first"),
        get("/v1/desk/report", desk::report)
            .needs(P::TicketRead)
            .says("日报与周期报告", "A day at the desk, and the period that ends with it"),
    ]
}

fn beside() -> Vec<Route> {
    vec![
        post("/v1/happenings", desk::happen_to_several)
            .needs(P::TicketRead)
            .repeatable()
            .may(&[Code::Conflict, Code::Changed])
            .says(
                "对多张工单登记同一件事，一次提交",
                "Put on record what happened to several tickets alike, in one commit",
            )
            .adds(notes::all_or_none()),
        get("/v1/desk/tiers", desk::tiers)
            .needs(P::TicketRead)
            .says("服务等级对照表", "The tiers of service side by side, item by item"),
        get("/v1/desk/manual", desk::manual)
            .needs(P::TicketRead)
            .says("优化手册", "The manual of urgent services, the latest entry first"),
        get("/v1/desk/surge", desk::surge)
            .needs(P::DeskWork)
            .or(P::EventRead)
            .says("是否处于应急状态", "Whether an emergency lasts, and who was told"),
        post("/v1/desk/surge", desk::move_surge)
            .needs(P::DeskWork)
            .repeatable()
            .may(&[Code::Conflict, Code::Changed, Code::Impossible])
            .says("开始或结束应急状态", "Begin an emergency or end it"),
    ]
}

fn joining() -> Vec<Route> {
    vec![
        get("/v1/applications/{id}", desk::application)
            .needs(P::TicketRead)
            .may(&[Code::NotFound])
            .says("入驻申请", "How an application to come in stands"),
        post("/v1/applications/{id}/moves", desk::apply)
            .needs(P::TicketRead)
            .repeatable()
            .may(&[Code::NotFound, Code::Changed, Code::Conflict, Code::Impossible])
            .says("提交、驳回或通过入驻申请", "Hand an application in, send it back, approve it"),
    ]
}

fn clients() -> Vec<Route> {
    vec![
        post("/v1/clients", clients::create)
            .needs(P::ClientChange)
            .repeatable()
            .may(&[Code::Conflict, Code::Changed])
            .says("新建客户", "Create a client"),
        get("/v1/clients", clients::list)
            .needs(P::ClientRead)
            .says("客户一览，不含财务", "List clients, without their finances"),
        get("/v1/clients/{id}", clients::one)
            .needs(P::ClientRead)
            .may(&[Code::NotFound])
            .says("一个客户", "A client"),
        put("/v1/clients/{id}", clients::put)
            .needs(P::ClientChange)
            .conditional()
            .may(&[Code::NotFound, Code::Conflict])
            .says("修改客户", "Replace a client"),
        delete("/v1/clients/{id}", clients::erase)
            .needs(P::ClientErase)
            .may(&[Code::NotFound, Code::Conflict, Code::Changed])
            .says("删除客户的资料", "Erase what is known of a client"),
    ]
}

fn people() -> Vec<Route> {
    vec![
        post("/v1/people", people::create)
            .needs(P::PersonChange)
            .repeatable()
            .may(&[Code::Conflict, Code::Changed])
            .says("新建员工", "Create a person"),
        get("/v1/people", people::list).needs(P::PersonRead).says("员工一览", "List people"),
        get("/v1/people/{id}", people::one)
            .needs(P::PersonRead)
            .may(&[Code::NotFound])
            .says("一名员工", "A person"),
        put("/v1/people/{id}", people::put)
            .needs(P::PersonChange)
            .conditional()
            .may(&[Code::NotFound, Code::Conflict])
            .says("修改员工", "Replace a person"),
        delete("/v1/people/{id}", people::remove)
            .needs(P::PersonChange)
            .conditional()
            .may(&[Code::NotFound, Code::Impossible])
            .says("移除员工", "Take a person away"),
        post("/v1/people/{id}/absences", people::create_absence)
            .needs(P::PersonChange)
            .repeatable()
            .may(&[Code::NotFound, Code::Conflict])
            .says("登记请假", "Note an absence"),
        get("/v1/people/{id}/absences", people::absences)
            .needs(P::PersonRead)
            .says("请假一览", "The absences of a person"),
        delete("/v1/people/{id}/absences/{absence}", people::remove_absence)
            .needs(P::PersonChange)
            .may(&[Code::NotFound, Code::Changed])
            .says("取消请假", "Take an absence away"),
        get("/v1/people/{id}/plan", people::plan)
            .needs(P::PlanRead)
            .may(&[Code::NotFound])
            .says("员工某日的安排", "What a person does, on a date or at all"),
    ]
}

fn plans() -> Vec<Route> {
    vec![
        get("/v1/base", plans::base)
            .needs(P::BaseRead)
            .may(&[Code::NotFound])
            .says("基础数据", "The base: calendars, services, prices"),
        put("/v1/base", plans::put_base)
            .needs(P::BaseChange)
            .conditional()
            .may(&[Code::Conflict])
            .says("替换基础数据", "Replace the base"),
        post("/v1/progress", plans::report)
            .needs(P::ProgressReport)
            .repeatable()
            .may(&[Code::NotFound])
            .says("报告进度", "Report steps done or begun"),
        delete("/v1/tickets/{id}/progress/{step}", plans::take_back)
            .needs(P::ProgressReport)
            .may(&[Code::NotFound])
            .says("撤回一个步骤的进度", "Take back what was reported of a step"),
        post("/v1/drafts", plans::draft)
            .needs(P::PlanDraft)
            .repeatable()
            .may(&[Code::Impossible])
            .says("为现在的情况排计划", "Plan how things stand now"),
        get("/v1/drafts/{id}", plans::one_draft)
            .needs(P::PlanRead)
            .may(&[Code::NotFound])
            .says("一份草案", "A draft"),
        post("/v1/plans", plans::publish)
            .needs(P::PlanPublish)
            .repeatable()
            .may(&[Code::NotFound, Code::Conflict, Code::Impossible])
            .says("发布草案，或恢复早先的计划", "Publish a draft, or go back to an earlier plan"),
        get("/v1/plans", plans::history)
            .needs(P::PlanRead)
            .says("发布过的计划", "The plans published"),
        get("/v1/plans/current", plans::current)
            .needs(P::PlanRead)
            .may(&[Code::NotFound])
            .says("在执行的计划", "The plan in force"),
        get("/v1/plans/{number}", plans::one)
            .needs(P::PlanRead)
            .may(&[Code::NotFound])
            .says("发布过的一份计划", "A plan that was published"),
    ]
}

fn quotes() -> Vec<Route> {
    vec![
        get("/v1/policy", quotes::policy)
            .needs(P::BaseRead)
            .may(&[Code::NotFound])
            .says("报价规则", "The policy quotes are made by"),
        put("/v1/policy", quotes::put_policy)
            .needs(P::BaseChange)
            .conditional()
            .may(&[Code::Conflict, Code::Impossible])
            .says("替换报价规则", "Replace the policy"),
        post("/v1/quotes", quotes::quote)
            .needs(P::QuoteMake)
            .repeatable()
            .may(&[Code::Impossible, Code::Conflict])
            .says("对在执行的计划报价", "Quote a request against the plan in force"),
        get("/v1/quotes/{id}", quotes::one)
            .needs(P::QuoteMake)
            .may(&[Code::NotFound])
            .says("一份报价", "A quote"),
        post("/v1/quotes/{id}/acceptance", quotes::accept)
            .needs(P::QuoteAccept)
            .repeatable()
            .may(&[Code::NotFound, Code::Conflict, Code::Impossible, Code::Changed])
            .says("接受一个方案", "Accept an option, which becomes the plan in force"),
    ]
}

fn records() -> Vec<Route> {
    vec![
        get("/v1/events", events::list)
            .needs(P::EventRead)
            .says("全部记录", "Everything that happened"),
        get("/v1/accesses", events::accesses)
            .needs(P::AccessRead)
            .says("查阅记录", "Who looked at what"),
        post("/v1/keys", keys::create)
            .needs(P::KeyManage)
            .repeatable()
            .says("新建密钥，只显示一次", "Make a key, which is shown once")
            .adds(notes::told_once("密钥", "key")),
        get("/v1/keys", keys::list).needs(P::KeyManage).says("密钥一览", "List keys"),
        post("/v1/keys/{prefix}/rotation", keys::rotate)
            .needs(P::KeyManage)
            .repeatable()
            .may(&[Code::NotFound, Code::Impossible])
            .says("轮换密钥", "Make a key in the place of another")
            .adds(notes::told_once("密钥", "key")),
        delete("/v1/keys/{prefix}", keys::revoke)
            .needs(P::KeyManage)
            .may(&[Code::NotFound])
            .says("收回密钥", "Take a key back"),
    ]
}

fn hooks() -> Vec<Route> {
    vec![
        post("/v1/hooks", webhooks::create)
            .needs(P::HookManage)
            .repeatable()
            .may(&[Code::Conflict])
            .says("订阅事件", "Subscribe to events")
            .adds(notes::how_to_check()),
        get("/v1/hooks", webhooks::list).needs(P::HookManage).says("订阅一览", "List hooks"),
        delete("/v1/hooks/{id}", webhooks::remove)
            .needs(P::HookManage)
            .may(&[Code::NotFound, Code::Changed])
            .says("取消订阅", "Take a hook away"),
        get("/v1/dead-letters", webhooks::dead)
            .needs(P::HookManage)
            .says("未能送达的消息", "Messages that were given up"),
        post("/v1/dead-letters/{id}/again", webhooks::again)
            .needs(P::HookManage)
            .may(&[Code::NotFound])
            .says("重新发送", "Send one of them again"),
        delete("/v1/dead-letters/{id}", webhooks::forget)
            .needs(P::HookManage)
            .may(&[Code::NotFound])
            .says("不再保留", "Forget one of them"),
    ]
}
