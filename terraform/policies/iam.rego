# Permissions that become a wildcard.
package quarterdeck

policy_attributes := ["policy", "assume_role_policy", "policy_document", "inline_policy", "access_policy", "access_policies"]

iam_types := {
	"aws_iam_group_policy", "aws_iam_policy", "aws_iam_role", "aws_iam_role_policy", "aws_iam_user_policy",
	"aws_kms_key_policy", "aws_s3_bucket_policy", "aws_sns_topic_policy", "aws_sqs_queue_policy",
}

soft contains violation("iam_wildcard", rc, sprintf("newly allows %s", [concat(", ", sort(wider))])) if {
	some rc in written
	some name in policy_attributes
	wider := widths(is_now(rc, name)) - widths(was(rc, name))
	count(wider) > 0
}

soft contains violation("iam_unreadable", rc, "has a policy that is unknown until apply, or sensitive") if {
	some rc in written
	rc.type in iam_types
	some name in policy_attributes
	unreadable(rc, name)
}

unreadable(rc, name) if unknown(rc, name)

unreadable(rc, name) if is_now(rc, name) == "(sensitive)"

soft contains violation("iam_wildcard", rc, "grants a role to all users") if {
	some rc in written
	some name in ["member", "members"]
	some member in as_array(is_now(rc, name))
	member in {"allUsers", "allAuthenticatedUsers"}
	not member in as_array(was(rc, name))
}

soft contains violation("iam_wildcard", rc, "attaches the AdministratorAccess policy") if {
	some rc in written
	endswith(value_of(after(rc), "policy_arn", ""), ":policy/AdministratorAccess")
	was(rc, "policy_arn") != is_now(rc, "policy_arn")
}

default widths(_) := set()

widths(text) := found if {
	is_string(text)
	json.is_valid(text)
	document := json.unmarshal(text)
	is_object(document)
	found := {width |
		some statement in as_array(object.get(document, "Statement", []))
		is_object(statement)
		object.get(statement, "Effect", "Allow") == "Allow"
		some width in statement_widths(statement)
	}
}

statement_widths(statement) := union({wide_actions(statement), wide_principals(statement), inverted(statement)})

wide_actions(statement) := {sprintf("the action %s", [action]) |
	some action in as_array(object.get(statement, "Action", []))
	is_string(action)
	regex.match(`^(\*|[A-Za-z0-9-]+:\*)$`, action)
}

wide_principals(statement) := {"every principal" |
	some principal in principals(object.get(statement, "Principal", []))
	principal == "*"
	object.get(statement, "Condition", null) == null
}

principals(value) := [one | some _, listed in value; some one in as_array(listed)] if is_object(value)

principals(value) := as_array(value) if not is_object(value)

inverted(statement) := {sprintf("everything except a %s", [name]) |
	some name in ["NotAction", "NotPrincipal", "NotResource"]
	object.get(statement, name, null) != null
}
