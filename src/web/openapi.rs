//! The OpenAPI 3.1 document, made from the table of routes and the types of their handlers.

use std::collections::BTreeMap;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::answer::Look;
use super::error::{Code, PROBLEM_JSON, Success, Told};
use super::route::{Method, Route};
use crate::app::service::desk::{Particulars, particulars};
use crate::calendar::Label;

/// The document over `routes`.
pub(crate) fn document(routes: &[Route]) -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = SCHEMAS.into());
    let mut schemas = settings.into_generator();
    let problem = schemas.subschema_for::<Told<'_>>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let operation = operation(route, &mut schemas, &problem);
        let methods = paths.entry(route.path).or_default();
        methods.insert(route.method.name().to_lowercase(), operation);
    }
    let kinds = particulars(&mut schemas);
    let mut definitions = schemas.take_definitions(true);
    let of_kinds: Value = kinds.into_iter().map(|one| of_kind(one, &definitions)).collect();
    if let Some(doing) = definitions.get_mut("Doing") {
        doing["oneOf"] = of_kinds;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "paidan 派单",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
        },
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "paidan key create --role …",
                },
            },
        },
    })
}

/// What is said of a happening of this kind: its particulars are wanted where any of them is.
fn of_kind(one: Particulars, definitions: &Map<String, Value>) -> Value {
    let Particulars { kind, about, payload } = one;
    let known = payload["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let known = known.and_then(|name| definitions.get(name)).unwrap_or(&payload);
    let is_wanted = known["required"].as_array().is_some_and(|names| !names.is_empty());
    let mut schema = json!({
        "title": kind,
        "description": about,
        "properties": { "kind": { "const": kind }, "payload": payload },
    });
    if is_wanted {
        schema["required"] = json!(["payload"]);
    }
    schema
}

/// The document as it is sent and pinned.
pub(crate) fn text(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("a value of JSON is JSON");
    text.push('\n');
    text
}

/// Where the document keeps schemas.
pub(crate) const SCHEMAS: &str = "/components/schemas";

/// What every reader should know first.
const INTRODUCTION: &str = "\
谁何时做什么，谁要等。错误一律为 RFC 9457 问题文档，code 不变；Accept-Language 选择 zh 或 en，都未写时为 serve --lang。\n\n\
Who does what, when, and who waits. Errors are problem documents (RFC 9457) with stable codes; \
Accept-Language chooses zh or en; where it names neither, `serve --lang` does.";

/// Both languages in one line.
fn both(label: &Label) -> String {
    format!("{} / {}", label.zh, label.en)
}

fn operation(route: &Route, schemas: &mut SchemaGenerator, problem: &schemars::Schema) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), name(route).into());
    operation.insert("summary".to_owned(), both(&route.says).into());
    if let Some(note) = &route.adds {
        let text = format!("{}\n\n{}", note.zh, note.en);
        operation.insert("description".to_owned(), text.into());
    }
    if let Some(permission) = route.permission {
        operation.insert("security".to_owned(), json!([{ "key": [] }]));
        operation.insert("x-permission".to_owned(), permission.name().into());
        if let Some(instead) = route.instead {
            operation.insert("x-permission-instead".to_owned(), instead.name().into());
        }
    }
    let parameters = parameters(route, schemas);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(schema) = (route.shape.body)(schemas) {
        let mut media = json!({ "schema": schema });
        if let Some(example) = route.example {
            media["example"] = example();
        }
        let content = json!({ "application/json": media });
        operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    operation.insert("responses".to_owned(), answers(route, schemas, problem));
    operation.into()
}

/// The method and the words of the path, as one name: `get_v1_schema_name`.
fn name(route: &Route) -> String {
    let words = route.path.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_owned);
    let words: Vec<String> =
        std::iter::once(route.method.name().to_lowercase()).chain(words).collect();
    words.join("_")
}

fn parameters(route: &Route, schemas: &mut SchemaGenerator) -> Vec<Value> {
    let parts = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = parts
        .map(|name| {
            let schema = json!({ "type": "string", "minLength": 1 });
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    if let Some(query) = (route.shape.query)(schemas) {
        let required: Vec<&Value> = query["required"].as_array().into_iter().flatten().collect();
        for (name, schema) in query["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|known| *known == name);
            let mut schema = schema.clone();
            let says = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            parameters.push(json!({
                "name": name, "in": "query", "required": is_required,
                "description": says, "schema": schema,
            }));
        }
    }
    let mut header = |name: &str, says: &str, schema: Value| {
        parameters
            .push(json!({ "name": name, "in": "header", "description": says, "schema": schema }));
    };
    if route.is_conditional {
        header(
            "If-Match",
            "所读到的 ETag，可列多个 / ETags that were read, or *",
            json!({ "type": "string" }),
        );
        header("If-None-Match", "新建时为 * / * to make a new one", json!({ "type": "string" }));
    } else if route.shape.is_tagged {
        header(
            "If-None-Match",
            "已有的 ETag / the ETag known already",
            json!({ "type": "string" }),
        );
    }
    if route.is_repeatable {
        let schema = json!({
            "type": "string", "minLength": 1, "maxLength": super::call::LONGEST_KEY,
            "pattern": "^[!-~]+$",
        });
        header(
            "Idempotency-Key",
            "重复请求得到相同回答 / the same key gets the same answer",
            schema,
        );
    }
    parameters
}

fn answers(route: &Route, schemas: &mut SchemaGenerator, problem: &schemars::Schema) -> Value {
    let mut answers: BTreeMap<String, Value> = BTreeMap::new();
    for Look { success, content, headers } in (route.shape.looks)(schemas) {
        let headers: Map<String, Value> = headers
            .iter()
            .map(|name| {
                ((*name).to_owned(), json!({ "required": true, "schema": { "type": "string" } }))
            })
            .collect();
        let mut answer = Map::new();
        answer.insert("description".to_owned(), meaning(success).into());
        if !headers.is_empty() {
            answer.insert("headers".to_owned(), headers.into());
        }
        let status = success.status().to_string();
        if let Some((kind, schema)) = content {
            // One status may come with a page as well as with a document.
            let other = answers.get(&status).map(|answer| answer["content"].clone());
            let mut content = other.unwrap_or_else(|| json!({}));
            content[kind] = json!({ "schema": schema });
            answer.insert("content".to_owned(), content);
        }
        answers.insert(status, answer.into());
    }
    if route.shape.is_tagged && route.method == Method::Get {
        let status = Success::Unchanged.status().to_string();
        answers.insert(status, json!({ "description": meaning(Success::Unchanged) }));
    }
    let mut problems: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in route.problems() {
        problems.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in problems {
        let says: Vec<String> =
            codes.iter().map(|code| format!("`{}` {}", code.name(), both(&code.title()))).collect();
        let content = json!({ PROBLEM_JSON: { "schema": problem } });
        let answer = json!({ "description": says.join("; "), "content": content });
        answers.insert(status.to_string(), answer);
    }
    json!(answers)
}

fn meaning(success: Success) -> &'static str {
    match success {
        Success::Found => "完成 / done",
        Success::Made => "已创建 / made",
        Success::Accepted => "已开始 / begun",
        Success::Silent => "完成，无正文 / done, nothing to say",
        Success::Unchanged => "未变 / unchanged",
    }
}
