//! The progress page of a client: three states, a date, what to do; no script, nothing else.

use axum::http::header;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::kept::{below, once};
use crate::app::service::Caller;
use crate::app::service::desk::{ClientView, Far};
use crate::app::service::role::Role;
use crate::calendar::{Label, Moment};
use crate::web::answer::{Found, Html, Look, Made, Output, Reply, Silent};
use crate::web::call::Call;
use crate::web::docs::escaped;
use crate::web::error::{Code, Problem};
use crate::web::sent::Json;

/// Where the server is reached by clients.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Base {
    /// What addresses begin with: scheme and name of the server. Without it the address is told
    /// from the root of this server on, and there is no code to scan.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    base: Option<String>,
}

/// A progress link, told this once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Link {
    /// The address; absent in the answer to a request that came before.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The same as a code to scan, as SVG, where the address is a whole one.
    #[serde(skip_serializing_if = "Option::is_none")]
    svg: Option<String>,
}

/// `POST /v1/tickets/{id}/progress-link`.
pub(crate) fn make(call: &Call<Json<Base>>) -> Result<Made<Link>, Problem> {
    let base = call.body.0.base.as_deref().map(|base| base.trim_end_matches('/'));
    if base.is_some_and(|base| !base.starts_with("https://") && !base.starts_with("http://")) {
        return Err(Problem::new(
            Code::Invalid,
            "base 须以 https:// 或 http:// 开头",
            "base begins with https:// or http://",
        ));
    }
    let key = call.part("id");
    let own = format!("{}/progress-link", below("/v1/tickets", key));
    let (service, once) = (&call.frame.service, once(call, &format!("POST {own}"))?);
    let token = service.make_link_once(&call.caller, key, once.as_ref(), call.now_ms)?;
    let Some(token) = token else {
        let document = Link { url: None, svg: None };
        return Ok(Made { location: own, version: 1, document });
    };
    let location = format!("/p/{token}");
    let url = format!("{}{location}", base.unwrap_or_default());
    let svg = base.map(|_| scanned(&url)).transpose()?;
    Ok(Made { location, version: 1, document: Link { url: Some(url), svg } })
}

/// An address as a code to scan.
fn scanned(url: &str) -> Result<String, Problem> {
    let code = qrcode::QrCode::new(url.as_bytes()).map_err(|_| {
        Problem::new(Code::Invalid, "base 太长，无法生成二维码", "base is too long for a code")
    })?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build())
}

/// `DELETE /v1/tickets/{id}/progress-link`.
pub(crate) fn revoke(call: &Call) -> Result<Silent, Problem> {
    call.frame.service.revoke_link(&call.caller, call.part("id"), call.now_ms)?;
    Ok(Silent)
}

/// The view as a page or as JSON, as it was asked for.
pub(crate) enum Viewed {
    Page(String),
    Json(ClientView),
}

impl Output for Viewed {
    fn looks(schemas: &mut SchemaGenerator) -> Vec<Look> {
        let mut looks = Found::<ClientView>::looks(schemas);
        looks.extend(Html::looks(schemas));
        looks
    }

    fn reply(self) -> Reply {
        let reply = match self {
            Viewed::Page(page) => Html(page).reply(),
            Viewed::Json(view) => Found(view).reply(),
        };
        // It is nobody else's, and the address is the secret.
        reply
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::REFERRER_POLICY, "no-referrer")
    }
}

/// `GET /p/{token}`.
pub(crate) fn view(call: &Call) -> Result<Viewed, Problem> {
    let visitor = Caller::person(&format!("visitor {}", call.peer), Role::Ticketing);
    call.frame.doorman.count(&visitor, call.now_ms)?;
    let view = call.frame.service.client_view(call.part("token"), call.now_ms)?;
    let accepts = call.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_page = accepts.is_some_and(|accepts| accepts.contains("text/html"));
    Ok(if is_page { Viewed::Page(page(&view)) } else { Viewed::Json(view) })
}

/// The page, in both languages, readable on a phone.
fn page(view: &ClientView) -> String {
    let both = |label: &Label| {
        let (zh, en) = (escaped(&label.zh), escaped(&label.en));
        format!("{zh} <span lang=\"en\">{en}</span>")
    };
    let states = match view.state {
        Far::Ended => format!("<li aria-current=\"step\">{}</li>", both(&view.name)),
        now => [Far::Material, Far::Agency, Far::Ready]
            .into_iter()
            .map(|far| {
                let mark = if far == now { " aria-current=\"step\"" } else { "" };
                format!("<li{mark}>{}</li>", both(&far.label()))
            })
            .collect(),
    };
    let zone_of = |moment: Moment| {
        let text = moment.to_string();
        let zone = text.get(16..).filter(|zone| !zone.is_empty());
        zone.map_or_else(String::new, |zone| format!(" (UTC{zone})"))
    };
    let late = view.late_since.map_or_else(String::new, |since| {
        let (due, zone) = (read(since), zone_of(since));
        format!("<p>已逾期，原定 <span lang=\"en\">Late; it was due</span> <b>{due}</b>{zone}</p>")
    });
    let date = view.expected.map_or_else(String::new, |moment| {
        let zone = zone_of(moment);
        let first = view.earliest.map_or_else(String::new, |first| format!("{} – ", read(first)));
        let last = read(moment);
        format!("<p>预计完成 <span lang=\"en\">Expected</span> <b>{first}{last}</b>{zone}</p>")
    });
    let because = view.because.as_deref().map_or_else(String::new, |because| {
        let because = escaped(because);
        format!("<p>日期变化的原因 <span lang=\"en\">Why the date changed</span>: {because}</p>")
    });
    let to_do: String =
        view.to_do.iter().map(|label| format!("<p class=\"do\">{}</p>", both(label))).collect();
    format!(
        "<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>办理进度 Progress</title>\
         <style>body{{font:1.1rem/1.6 system-ui,sans-serif;max-width:32rem;margin:2rem auto;\
         padding:0 1rem;color:#1a1a1a;background:#fff}}h1{{font-size:1.3rem}}\
         span[lang=en]{{color:#555;font-size:.85em}}ol{{padding-left:1.5rem}}\
         li[aria-current]{{font-weight:700;color:#0b5a2b}}\
         .do{{border-left:4px solid #b35900;padding-left:.8rem}}</style></head>\
         <body><h1>办理进度 <span lang=\"en\">Progress</span></h1><ol>{states}</ol>{late}{date}{because}{to_do}\
         </body></html>"
    )
}

/// A moment as clients read it.
fn read(moment: Moment) -> String {
    let text = moment.to_string();
    let (day, time) = (text.get(..10).unwrap_or(&text), text.get(11..16).unwrap_or(""));
    format!("{day} {time}")
}

#[cfg(test)]
mod tests {
    use super::{ClientView, Far, page};
    use crate::calendar::{Label, Moment};

    #[test]
    fn the_page_states_the_zone_of_its_date_and_no_mark_up_of_labels() {
        let view = ClientView {
            state: Far::Agency,
            name: Far::Agency.label(),
            expected: Some(Moment::parse("2026-11-25T09:00+08:00").unwrap()),
            earliest: Some(Moment::parse("2026-11-23T09:00+08:00").unwrap()),
            late_since: Some(Moment::parse("2026-11-20T18:00+08:00").unwrap()),
            because: Some("<i>".to_owned()),
            to_do: vec![Label::new("<b>", "a & b")],
        };
        let page = page(&view);
        let dates = "<b>2026-11-23 09:00 – 2026-11-25 09:00</b> (UTC+08:00)";
        let late = "已逾期，原定 <span lang=\"en\">Late; it was due</span> <b>2026-11-20 18:00</b>";
        assert!(page.contains(late), "{page}");
        assert!(page.contains(dates) && page.contains("&lt;i&gt;"), "{page}");
        assert!(page.contains("&lt;b&gt;") && page.contains("a &amp; b"), "{page}");
    }
}
