//! Who may do what.

use paidan::app::service::Refusal;
use paidan::app::service::role::{DESK_ROLES, Permission, Role};

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

/// R172, R173, R174, R175, R176, R177, R178, R179: every role of the desk is one of ours.
#[test]
fn every_role_of_the_desk_has_a_role_here() {
    for requirement in ["R172", "R173", "R174", "R175", "R176", "R177", "R178", "R179"] {
        assert!(DESK_ROLES.iter().any(|desk| desk.requirement == requirement), "{requirement}");
    }
    let role = |zh: &str| DESK_ROLES.iter().find(|desk| desk.zh == zh).map(|desk| desk.role);
    assert_eq!(role("专属客服"), Some(Role::Dispatcher));
    assert_eq!(role("财税专员"), Some(Role::Specialist));
    assert_eq!(role("合作方"), Some(Role::Ticketing));
    // The urgent team; the ladder of review; departments; channels and appraisal.
    assert_eq!(role("加急服务小组成员"), Some(Role::Specialist));
    for above in ["主管", "部门经理", "总经理", "上级经理", "法务部"] {
        assert_eq!(role(above), Some(Role::Reviewer), "{above}");
    }
    assert_eq!(role("市场人员"), Some(Role::Ticketing));
    assert_eq!((role("项目中心"), role("知识产权专员")), (role("值班专员"), role("经办人")));
    assert_eq!(
        (role("电话/在线/邮件客服"), role("人力资源部门")),
        (role("专属客服"), Some(Role::Auditor))
    );
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
