# Account roles in Temporal Cloud: https://docs.temporal.io/cloud/manage-access/roles-and-permissions
package quarterdeck

account_members := {"temporalcloud_user", "temporalcloud_service_account", "temporalcloud_group_access"}

account_role(values) := lower(value_of(values, "account_access", value_of(values, "account_role", "")))

# A role that the plan grants: to a new member, or instead of another role.
given_role(rc) := role if {
	kind(rc) in account_members
	role := account_role(after(rc))
	not keeps_role(rc, role)
}

keeps_role(rc, role) if {
	not "create" in rc.change.actions
	account_role(before(rc)) == role
}

soft contains violation("admin_user", rc, "becomes an admin of the whole account") if {
	some rc in written
	given_role(rc) == "admin"
}

hard contains violation("account_owner", rc, "would become an account owner; code must never grant that role") if {
	some rc in written
	given_role(rc) == "owner"
}

soft contains violation("admin_user", rc, "gets a role that is unknown until apply") if {
	some rc in written
	kind(rc) in account_members
	some name in ["account_access", "account_role", "input"]
	unknown(rc, name)
}

soft contains violation("admin_user", rc, "gets a role that is sensitive in the plan") if {
	some rc in written
	given_role(rc) == "(sensitive)"
}
