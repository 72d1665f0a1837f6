//! Who may do what.

use paidan::app::service::Refusal;
use paidan::app::service::role::{DESK_ROLES, Permission, Role};
use paidan::policy::desk::Post;

use super::caller;

#[test]
fn names_of_roles_and_permissions_are_read_back() {
    for role in Role::ALL {
        assert_eq!(Role::named(role.name()), Some(role));
        assert_eq!(serde_json::to_value(role).unwrap(), role.name());
    }
    for permission in Permission::ALL {
        assert_eq!(Permission::named(permission.name()), Some(permission));
        assert_eq!(serde_json::to_value(permission).unwrap(), permission.name());
    }
    assert_eq!((Role::named("boss"), Permission::named("ticket")), (None, None));
}

/// R172, R173, R174, R175, R176, R177, R178, R179: every role of the desk is one of ours, and
/// whoever decides or speaks for the firm is told apart by the post the policy names him for: a
/// supervisor is no manager, and a manager not the general manager.
#[test]
fn every_role_of_the_desk_has_a_role_and_where_it_decides_a_post() {
    for requirement in ["R172", "R173", "R174", "R175", "R176", "R177", "R178", "R179"] {
        assert!(DESK_ROLES.iter().any(|desk| desk.requirement == requirement), "{requirement}");
    }
    let of = |zh: &str| {
        let found = DESK_ROLES.iter().find(|desk| desk.zh == zh).unwrap();
        (found.role, found.post)
    };
    assert_eq!(of("专属客服"), (Role::Dispatcher, None));
    assert_eq!(of("财税专员"), (Role::Specialist, None));
    assert_eq!(of("合作方"), (Role::Ticketing, None));
    assert_eq!(of("加急服务小组成员"), (Role::Specialist, None));
    let ladder = [
        ("主管", Post::Supervisor),
        ("部门经理", Post::DepartmentManager),
        ("总经理", Post::GeneralManager),
        ("总监", Post::Director),
        ("法务部", Post::Legal),
    ];
    for (zh, post) in ladder {
        assert_eq!(of(zh), (Role::Reviewer, Some(post)), "{zh}");
    }
    // Marketing is no program of a client.
    assert_eq!(of("市场人员"), (Role::Specialist, Some(Post::Marketing)));
    assert_eq!(of("人力资源部门"), (Role::Auditor, Some(Post::HumanResources)));
    assert!(DESK_ROLES.iter().all(|desk| desk.role != Role::Administrator));
}

/// R240: what a client earns is for those who decide, and for nobody else.
#[test]
fn the_finances_of_clients_are_for_two_roles_only() {
    let may = |permission| -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| caller(*role).may(permission)).collect()
    };
    assert_eq!(may(Permission::ClientFinance), [Role::Administrator, Role::Reviewer]);
    assert_eq!(may(Permission::AccessRead), [Role::Administrator, Role::Auditor]);
    assert_eq!(may(Permission::PlanPublish), [Role::Administrator, Role::Dispatcher]);
    assert_eq!(may(Permission::KeyManage), [Role::Administrator]);
    assert_eq!(may(Permission::TicketRead), Role::ALL);
    assert_eq!(may(Permission::TicketReview), [Role::Administrator, Role::Reviewer]);
}

#[test]
fn an_auditor_changes_nothing() {
    let changing =
        ["create", "change", "erase", "publish", "accept", "manage", "draft", "report", "review"];
    for permission in Role::Auditor.permissions() {
        assert!(!changing.iter().any(|verb| permission.name().ends_with(verb)), "{permission:?}");
    }
}

#[test]
fn who_may_not_is_told_which_permission_is_missing() {
    let refused = caller(Role::Ticketing).must(Permission::ClientRead).unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(Permission::ClientRead)));
    assert_eq!(refused.code(), "A002");
    let label = refused.label();
    assert!(label.zh.contains("client.read") && label.en.contains("client.read"));
}
