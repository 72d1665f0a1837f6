//! The page that shows the OpenAPI document: whole without script, without anything from
//! elsewhere, and in both languages.

use std::fmt::Write as _;

use serde_json::Value;

/// How it looks.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\
h1{font-size:1.6rem}h2{font-size:1.1rem;margin:2rem 0 .3rem}\
code,pre{font-family:ui-monospace,monospace;font-size:.9em}\
.m{display:inline-block;min-width:4.5em;font-weight:700}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;\
padding:.2rem .6rem .2rem 0;border-bottom:1px solid #8884}\
pre{overflow:auto;max-height:30rem;padding:.5rem;border:1px solid #8884}\
nav ul{columns:2 20rem;padding-left:1rem}details{margin:.4rem 0}";

/// The page over `document`.
pub(crate) fn page(document: &Value) -> String {
    let mut text = String::from("<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\">");
    text += "<meta name=\"viewport\" content=\"width=device-width\"><title>paidan 派单 API</title>";
    put(&mut text, format_args!("<style>{STYLE}</style></head><body>"));
    let version = shown(&document["info"]["version"]);
    put(&mut text, format_args!("<h1>派单 paidan <small>{version}</small></h1>"));
    for paragraph in plain(&document["info"]["description"]).split("\n\n") {
        put(&mut text, format_args!("<p>{}</p>", escaped(paragraph)));
    }
    text += "<p><a href=\"/v1/openapi.json\">openapi.json</a></p><nav><ul>";
    for (method, path, operation) in operations(document) {
        let id = plain(&operation["operationId"]);
        put(&mut text, format_args!("<li><a href=\"#{id}\"><code>{method} {path}</code></a></li>"));
    }
    text += "</ul></nav><main>";
    for (method, path, operation) in operations(document) {
        one(&mut text, &method, &escaped(path), operation);
    }
    text += "</main><h2 id=\"schemas\">数据格式 / Schemas</h2>";
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let name = escaped(name);
        put(
            &mut text,
            format_args!("<details id=\"schema-{name}\"><summary><code>{name}</code></summary>"),
        );
        let schema = serde_json::to_string_pretty(schema).unwrap_or_default();
        put(&mut text, format_args!("<pre>{}</pre></details>", escaped(&schema)));
    }
    text += "</body></html>\n";
    text
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (method.to_uppercase(), path, operation))
    })
}

fn one(text: &mut String, method: &str, path: &str, operation: &Value) {
    let id = plain(&operation["operationId"]);
    put(
        text,
        format_args!(
            "<section><h2 id=\"{id}\"><span class=\"m\">{method}</span> <code>{path}</code></h2>"
        ),
    );
    put(text, format_args!("<p>{}</p>", shown(&operation["summary"])));
    for paragraph in plain(&operation["description"]).split("\n\n").filter(|it| !it.is_empty()) {
        put(text, format_args!("<p>{}</p>", escaped(paragraph)));
    }
    match operation["x-permission"].as_str() {
        Some(permission) => put(
            text,
            format_args!("<p>权限 / permission: <code>{}</code></p>", escaped(permission)),
        ),
        None => text.push_str("<p>无需密钥 / no key needed</p>"),
    }
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        text.push_str("<table><tr><th>参数 / parameter<th>位置 / in<th>说明 / meaning</tr>");
        for parameter in parameters {
            let (name, place) = (shown(&parameter["name"]), shown(&parameter["in"]));
            let says = shown(&parameter["description"]);
            put(text, format_args!("<tr><td><code>{name}</code><td>{place}<td>{says}</tr>"));
        }
        text.push_str("</table>");
    }
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        text.push_str("<p>正文 / body: ");
        contents(text, content);
        text.push_str("</p>");
    }
    text.push_str("<table><tr><th>回答 / answer<th>含义 / meaning<th>内容 / content</tr>");
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let says = with_codes(&shown(&answer["description"]));
        put(text, format_args!("<tr><td><code>{status}</code><td>{says}<td>"));
        if let Some(content) = answer["content"].as_object() {
            contents(text, content);
        }
        text.push_str("</tr>");
    }
    text.push_str("</table></section>");
}

fn contents(text: &mut String, content: &serde_json::Map<String, Value>) {
    for (kind, media) in content {
        put(text, format_args!("<code>{}</code> ", escaped(kind)));
        let name = media["schema"]["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        if let Some(name) = name.map(escaped) {
            put(text, format_args!("<a href=\"#schema-{name}\">{name}</a> "));
        }
    }
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn shown(value: &Value) -> String {
    escaped(plain(value))
}

/// What stands between backticks, as code.
fn with_codes(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(
            |(row, part)| {
                if row % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }
            },
        )
        .collect()
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn put(text: &mut String, words: std::fmt::Arguments<'_>) {
    text.write_fmt(words).expect("a text takes every character");
}
