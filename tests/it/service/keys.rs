//! Keys: made, shown once, found again, rotated, taken back.

use std::fs;
use std::sync::Arc;

use paidan::app::service::keys::Wish;
use paidan::app::service::once::Once;
use paidan::app::service::role::{Permission, Role};
use paidan::app::service::tickets::Asked;
use paidan::app::service::{Caller, Owner, Refusal, Service, Unidentified};
use paidan::desk::hash::Hash;
use paidan::store::row::ApiKey;
use paidan::store::{Batch, Shared, Sqlite, Write};

use super::{NOW, both, caller, erase_somebody, filing, firm, key, key_for, path};

const HOUR: i64 = 3_600_000;

fn why_not(service: &Service, shown: &str, now_ms: i64) -> Unidentified {
    match service.authenticate(shown, now_ms) {
        Err(Refusal::Unidentified(why)) => why,
        other => panic!("let in, or failed: {other:?}"),
    }
}

#[test]
fn a_key_lets_its_holder_in_with_the_permissions_of_its_role() {
    both("key", |service| {
        let made = key(service, Role::Ticketing);
        for _ in 0..2 {
            let caller = service.authenticate(&made.key, NOW).unwrap();
            assert_eq!(caller.actor, format!("key/{}", made.listed.prefix));
            assert_eq!(caller.role, Role::Ticketing);
            assert!(caller.may(Permission::TicketCreate) && !caller.may(Permission::ClientRead));
        }
    });
}

#[test]
fn a_key_of_the_same_beginning_with_another_secret_opens_nothing() {
    both("secret", |service| {
        let (made, other) = (key(service, Role::Auditor), key(service, Role::Auditor));
        // The prefix of one with the rest of the other: its check digits are wrong as well.
        let forged = format!("{}{}", &made.key[..16], &other.key[16..]);
        assert_eq!(why_not(service, &forged, NOW), Unidentified::Mistyped);
        assert_eq!(why_not(service, "", NOW), Unidentified::Missing);
        assert_eq!(why_not(service, "secret", NOW), Unidentified::Malformed);
        let elsewhere = key(&Service::in_memory(), Role::Auditor);
        assert_eq!(why_not(service, &elsewhere.key, NOW), Unidentified::Unknown);
    });
}

#[test]
fn scopes_narrow_a_role_and_never_widen_it() {
    both("scopes", |service| {
        let owner = Owner::of_service(service);
        let wish = |scopes: &[Permission]| Wish {
            role: Role::Ticketing,
            scopes: scopes.to_vec(),
            people: Vec::new(),
            expires_ms: None,
        };
        let made = owner.make_key(wish(&[Permission::QuoteMake]), NOW).unwrap();
        let caller = service.authenticate(&made.key, NOW).unwrap();
        assert!(caller.may(Permission::QuoteMake) && !caller.may(Permission::TicketCreate));
        let beyond = owner.make_key(wish(&[Permission::ClientRead]), NOW);
        assert!(matches!(beyond, Err(Refusal::Wish(label)) if label.en.contains("client.read")));
    });
}

#[test]
fn a_key_ends_when_it_expires() {
    both("expires", |service| {
        let owner = Owner::of_service(service);
        let wish = |expires_ms| Wish {
            role: Role::Auditor,
            scopes: Vec::new(),
            people: Vec::new(),
            expires_ms,
        };
        let made = owner.make_key(wish(Some(NOW + HOUR)), NOW).unwrap();
        // Of no use any more, it was made all the same: the door that needs no key stays shut.
        assert!(!service.has_keys(NOW + HOUR).unwrap() && service.had_keys().unwrap());
        assert!(service.authenticate(&made.key, NOW + HOUR - 1).is_ok());
        assert_eq!(why_not(service, &made.key, NOW + HOUR), Unidentified::Expired);
        assert!(matches!(owner.make_key(wish(Some(NOW)), NOW), Err(Refusal::Wish(_))));
    });
}

#[test]
fn after_a_rotation_both_keys_open_until_the_overlap_is_over() {
    both("rotation", |service| {
        let boss = caller(Role::Administrator);
        let old = key(service, Role::Dispatcher);
        let prefix = &old.listed.prefix;
        let new = service.rotate_key(&boss, prefix, HOUR, NOW).unwrap();
        assert_eq!(new.listed.rotated_from.as_ref(), Some(prefix));
        for shown in [&old.key, &new.key] {
            assert_eq!(service.authenticate(shown, NOW + HOUR - 1).unwrap().role, Role::Dispatcher);
        }
        assert_eq!(why_not(service, &old.key, NOW + HOUR), Unidentified::Revoked);
        assert!(service.authenticate(&new.key, NOW + HOUR).is_ok());
        // Within the overlap it can still be taken back at once.
        let leaked = key(service, Role::Dispatcher);
        service.rotate_key(&boss, &leaked.listed.prefix, HOUR, NOW).unwrap();
        service.revoke_key(&boss, &leaked.listed.prefix, NOW + 1).unwrap();
        assert_eq!(why_not(service, &leaked.key, NOW + 2), Unidentified::Revoked);
        let again = service.rotate_key(&boss, &leaked.listed.prefix, HOUR, NOW + 2);
        assert!(matches!(again, Err(Refusal::Impossible(_))));
    });
}

/// What a program made with one key stays its own when the key is rotated, twice as well.
#[test]
fn a_rotated_key_has_the_tickets_and_answers_of_the_first_one() {
    both("owner", |service| {
        firm(service);
        let boss = caller(Role::Administrator);
        let first = key(service, Role::Ticketing);
        let was = service.authenticate(&first.key, NOW).unwrap();
        let send = |by: &Caller, id: Option<&str>| {
            let once = Once::new(by, "POST /v1/tickets", "k1", b"body");
            service.create_ticket(by, filing(id), Some(&once), NOW).unwrap()
        };
        let made = send(&was, None);
        let second = service.rotate_key(&boss, &first.listed.prefix, 0, NOW).unwrap();
        let third = service.rotate_key(&boss, &second.listed.prefix, 0, NOW).unwrap();
        let is = service.authenticate(&third.key, NOW).unwrap();
        assert_eq!(is.actor, format!("key/{}", third.listed.prefix));
        assert_eq!(is.owner, format!("key/{}", first.listed.prefix));
        // Remembered, it is the same.
        assert_eq!(service.authenticate(&third.key, NOW + 1).unwrap(), is);
        // The answer was lost, and the request comes again with the new key.
        let again = send(&is, None);
        assert_eq!((again.is_repeated, &again.key), (true, &made.key));
        assert!(service.ticket(&is, &made.key, NOW).is_ok());
        let listed = service.tickets(&is, &Asked::default(), None, 10, NOW).unwrap();
        assert_eq!(listed.items.len(), 1);
        service.cancel_ticket(&is, &made.key, None, NOW).unwrap();
        let other = key(service, Role::Ticketing);
        let other = service.authenticate(&other.key, NOW).unwrap();
        assert!(matches!(service.ticket(&other, &made.key, NOW), Err(Refusal::Unknown { .. })));
    });
}

#[test]
fn a_key_taken_back_opens_nothing_from_then_on_though_it_was_just_used() {
    both("revoked", |service| {
        let boss = caller(Role::Administrator);
        let made = key(service, Role::Dispatcher);
        service.authenticate(&made.key, NOW).unwrap();
        service.revoke_key(&boss, &made.listed.prefix, NOW + 1).unwrap();
        assert_eq!(why_not(service, &made.key, NOW + 1), Unidentified::Revoked);
        let none = service.revoke_key(&boss, "000000000000", NOW);
        assert!(matches!(none, Err(Refusal::Unknown { kind: "key", .. })));
    });
}

/// What another process takes back is heard of two seconds later at most.
#[test]
fn a_key_taken_back_elsewhere_opens_nothing_two_seconds_later() {
    let path = path("elsewhere");
    let service = Service::open(&path).unwrap();
    let made = key(&service, Role::Dispatcher);
    service.authenticate(&made.key, NOW).unwrap();
    Owner::of_existing(&path).unwrap().revoke_key(&made.listed.prefix, NOW).unwrap();
    assert!(service.authenticate(&made.key, NOW + 1_999).is_ok());
    assert_eq!(why_not(&service, &made.key, NOW + 2_000), Unidentified::Revoked);
}

#[test]
fn keys_are_managed_by_administrators_and_listed_without_secrets() {
    both("list", |service| {
        assert!(!service.has_keys(NOW).unwrap() && !service.had_keys().unwrap());
        let made = key(service, Role::Dispatcher);
        assert!(service.has_keys(NOW).unwrap() && service.had_keys().unwrap());
        let listed = service.keys(&caller(Role::Administrator), (None, 9), NOW).unwrap().items;
        assert_eq!(listed, std::slice::from_ref(&made.listed));
        let text = format!("{listed:?}{made:?}");
        assert!(!text.contains(&made.key[16..]));
        assert!(matches!(
            service.keys(&caller(Role::Dispatcher), (None, 9), NOW),
            Err(Refusal::Forbidden(Permission::KeyManage))
        ));
    });
}

/// Who may make keys gives nobody what he has not himself, neither by making nor by rotating.
#[test]
fn nobody_gives_by_a_key_what_he_has_not() {
    both("escalation", |service| {
        let wish = |role, scopes: &[Permission]| Wish {
            role,
            scopes: scopes.to_vec(),
            people: Vec::new(),
            expires_ms: None,
        };
        let whole = key(service, Role::Administrator);
        let few = [Permission::KeyManage, Permission::TicketRead];
        let bound = Owner::of_service(service).make_key(wish(Role::Administrator, &few), NOW);
        let bound = service.authenticate(&bound.unwrap().key, NOW).unwrap();
        for beyond in [
            wish(Role::Administrator, &[]),
            wish(Role::Auditor, &[]),
            wish(Role::Dispatcher, &[Permission::TicketCreate]),
        ] {
            let refused = service.make_key(&bound, beyond.clone(), NOW);
            assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{beyond:?}");
        }
        let stolen = service.rotate_key(&bound, &whole.listed.prefix, 0, NOW);
        assert!(matches!(stolen, Err(Refusal::Forbidden(_))));
        assert!(service.authenticate(&whole.key, NOW).is_ok());
        let own = wish(Role::Auditor, &[Permission::TicketRead]);
        let own = service.make_key(&bound, own, NOW).unwrap();
        service.rotate_key(&bound, &own.listed.prefix, 0, NOW).unwrap();
        let boss = service.authenticate(&whole.key, NOW).unwrap();
        assert!(service.make_key(&boss, wish(Role::Administrator, &[]), NOW).is_ok());
    });
}

/// A key written by a newer program, for a thing unknown here: its successor is for that alone.
#[test]
fn a_rotation_keeps_scopes_unknown_here() {
    let path = path("unknown-scope");
    let store: Shared = Arc::new(Sqlite::create_or_open(&path).unwrap());
    let row = ApiKey {
        prefix: "00000000000a".to_owned(),
        hash: Hash::of(b"x"),
        role: "auditor".to_owned(),
        scopes: vec!["moon.land".to_owned()],
        people: Vec::new(),
        created_ms: NOW,
        expires_ms: None,
        rotated_from: None,
        revoked_ms: None,
    };
    store.commit(Batch::new().and(Write::PutKey(row))).unwrap();
    let service = Service::over(store).unwrap();
    let few = vec![Permission::KeyManage];
    let few = Wish { role: Role::Administrator, scopes: few, people: Vec::new(), expires_ms: None };
    let bound = Owner::of_service(&service).make_key(few, NOW).unwrap();
    let bound = service.authenticate(&bound.key, NOW).unwrap();
    let refused = service.rotate_key(&bound, "00000000000a", 0, NOW);
    assert!(matches!(refused, Err(Refusal::Impossible(_))));
    let boss = caller(Role::Administrator);
    let new = service.rotate_key(&boss, "00000000000a", 0, NOW).unwrap();
    assert_eq!(new.listed.scopes, ["moon.land"]);
    let holder = service.authenticate(&new.key, NOW).unwrap();
    assert!(Permission::ALL.into_iter().all(|permission| !holder.may(permission)));
}

#[test]
fn who_made_rotated_and_took_back_a_key_stands_in_the_log() {
    both("events", |service| {
        let boss = caller(Role::Administrator);
        let first = key(service, Role::Ticketing);
        let second = service.rotate_key(&boss, &first.listed.prefix, HOUR, NOW).unwrap();
        service.revoke_key(&boss, &second.listed.prefix, NOW).unwrap();
        let events = service.events(&boss, 0, 10, NOW).unwrap();
        let (a, b) = (&first.listed.prefix, &second.listed.prefix);
        let told: Vec<String> = events
            .iter()
            .map(|event| format!("{} {} {}", event.actor, event.kind, event.stream))
            .collect();
        assert_eq!(
            told,
            [
                format!("owner key.made key/{a}"),
                format!("person/administrator key.rotated key/{a}"),
                format!("person/administrator key.made key/{b}"),
                format!("person/administrator key.revoked key/{b}"),
            ]
        );
        assert_eq!(events[2].payload["rotated_from"], a.as_str());
        let text = serde_json::to_string(&events).unwrap();
        assert!(!text.contains(&first.key[16..]) && !text.contains(&second.key[16..]));
    });
}

/// R124: who asks for a key again, after a restart or an erasure as well, hears which one was made;
/// the key itself stands nowhere.
#[test]
fn a_key_asked_for_again_is_named_and_not_told() {
    let path = path("key-again");
    let boss = caller(Role::Administrator);
    let ask = |service: &Service, body: &[u8]| {
        let wish =
            Wish { role: Role::Auditor, scopes: Vec::new(), people: Vec::new(), expires_ms: None };
        let once = Once::new(&boss, "POST /v1/keys", "k1", body);
        service.make_key_once(&boss, wish, Some(&once), NOW)
    };
    let (key, listed) = ask(&Service::open(&path).unwrap(), b"body").unwrap();
    let (key, service) = (key.unwrap(), Service::open(&path).unwrap());
    assert_eq!(ask(&service, b"body").unwrap(), (None, listed.clone()));
    assert!(matches!(ask(&service, b"another"), Err(Refusal::OtherBody(_))));
    erase_somebody(&service);
    assert_eq!(ask(&service, b"body").unwrap(), (None, listed.clone()));
    assert_eq!(service.keys(&boss, (None, 9), NOW).unwrap().items, [listed]);
    assert!(service.authenticate(&key, NOW).is_ok());
    drop(service);
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(key.len()).any(|part| part == key.as_bytes()));
    }
}

/// R174: for whom a key speaks stays with it when it is rotated, after a restart as well. Whoever
/// has the keys with scopes of his own makes none for others.
#[test]
fn a_key_speaks_for_the_people_it_was_made_for() {
    let path = path("key-people");
    let service = Service::open(&path).unwrap();
    let one = key_for(&service, Role::Specialist, &["wang"]);
    let few = vec![Permission::KeyManage, Permission::DeskWork];
    let wish = |people: &[&str], scopes: &[Permission]| Wish {
        role: Role::Administrator,
        scopes: scopes.to_vec(),
        people: people.iter().map(|person| (*person).to_owned()).collect(),
        expires_ms: None,
    };
    let owner = Owner::of_service(&service);
    let bound = owner.make_key(wish(&["li"], &few), NOW).unwrap();
    let bound = service.authenticate(&bound.key, NOW).unwrap();
    let refused = service.make_key(&bound, wish(&["wang"], &few), NOW);
    assert!(matches!(refused, Err(Refusal::NotHis(person)) if person == "wang"));
    service.make_key(&bound, wish(&["li"], &few), NOW).unwrap();
    for people in [&["wang", "wang"][..], &["a/b"]] {
        let refused = owner.make_key(wish(people, &few), NOW);
        assert_eq!(refused.unwrap_err().code(), "A009", "{people:?}");
    }
    drop((owner, service));
    let service = Service::open(&path).unwrap();
    let boss = caller(Role::Administrator);
    let two = service.rotate_key(&boss, &one.listed.prefix, HOUR, NOW).unwrap();
    assert_eq!(two.listed.people, ["wang"]);
    let wang = service.authenticate(&two.key, NOW).unwrap();
    assert_eq!(wang.actor, format!("key/{}/wang", two.listed.prefix));
    assert!(wang.speaks_for("wang") && !wang.speaks_for("li"));
    let nobody = service.authenticate(&key(&service, Role::Reviewer).key, NOW).unwrap();
    assert!(!nobody.speaks_for("wang"));
}
