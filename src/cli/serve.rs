//! `serve`: the server, until it is stopped.

use std::net::SocketAddr;

use super::args::{Keep, Serve};
use super::{Ending, screen};
use crate::app::Failure;
use crate::app::service::{Keeping, Service};
use crate::model::lang::Lang;
use crate::web::{self, Limits, Options, Proxy, Stop, Tls};

/// `paidan serve`.
pub(crate) fn run(asked: &Serve, lang: Lang) -> Result<Ending, Failure> {
    let service = match &asked.db {
        Some(path) => Service::open(path)?,
        None => {
            screen::tell(lang.of(
                "paidan: 没有 --db：服务器停止后什么都不保留\n",
                "paidan: without --db nothing outlasts the server\n",
            ));
            Service::in_memory()
        }
    };
    let Keep { keep_quotes, keep_drafts, keep_views, keep_dead } = asked.keep;
    let service = service.keeping(Keeping {
        quote_days: keep_quotes,
        draft_days: keep_drafts,
        access_days: keep_views,
        dead_days: keep_dead,
    });
    let service = if asked.hooks_inside { service.calling_inside() } else { service };
    let options = options(asked, lang);
    web::serve(&options, service, &Stop::default(), |bound| {
        screen::tell(&greeting(bound, options.tls.is_some(), lang));
    })?;
    screen::tell(lang.of("paidan: 已停止\n", "paidan: stopped\n"));
    Ok(Ending::Done)
}

fn options(asked: &Serve, lang: Lang) -> Options {
    let limits = &asked.limits;
    let tls = asked.tls_certificates.clone().zip(asked.tls_key.clone());
    let proxy = (!asked.proxies.is_empty()).then(|| Proxy {
        from: asked.proxies.clone(),
        person_header: asked.person_header.clone(),
        role_header: asked.role_header.clone(),
    });
    Options {
        listen: asked.listen,
        limits: Limits {
            body_bytes: usize::from(limits.body) << 20,
            requests: limits.requests.into(),
            connections: limits.connections.into(),
            receive_seconds: limits.receive.into(),
            answer_seconds: limits.answer.into(),
            workers: limits.workers.into(),
            waiting: limits.waiting.into(),
            inline_ms: u64::from(limits.inline) * 1_000,
            inline_rounds: limits.inline_rounds,
            job_ms: u64::from(limits.job) * 1_000,
            jobs_kept: limits.jobs_kept.into(),
            rate: limits.rate,
            burst: limits.burst,
            drain_seconds: limits.drain.into(),
            ..Limits::default()
        },
        proxy,
        tls: tls.map(|(certificates, key)| Tls { certificates, key }),
        lang,
        heeds_signals: true,
    }
}

/// Where it listens, and who can reach it there.
fn greeting(bound: SocketAddr, is_covered: bool, lang: Lang) -> String {
    let scheme = if is_covered { "https" } else { "http" };
    let reach = if bound.ip().is_loopback() {
        lang.of(
            "只有本机可以访问；对外服务请用 --listen 指定地址，并先生成密钥",
            "only this machine can reach it; to serve others say --listen, and make a key first",
        )
    } else {
        lang.of("其他机器可以访问，凭密钥进入", "others can reach it, and need a key")
    };
    lang.of(
        format!("paidan: 正在监听 {scheme}://{bound}（{reach}）\n  文档 {scheme}://{bound}/docs\n"),
        format!(
            "paidan: listening on {scheme}://{bound} ({reach})\n  documentation {scheme}://{bound}/docs\n"
        ),
    )
}
