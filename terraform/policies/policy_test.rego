package quarterdeck_test

import data.quarterdeck

settings := {"maxDestroys": null, "reviewDestroysAbove": 5, "protected": []}

plan_of(changes) := {"format_version": "1.2", "errored": false, "resource_changes": changes}

found(changes) := found_with(changes, {})

found_with(changes, more) := rules if {
	given := {
		"plan": plan_of(changes),
		"settings": object.union(settings, more),
		"subject": {"service": "network", "environment": "stack", "kind": "provision"},
	}
	answer := quarterdeck.result with input as given
	answer.evaluated
	rules := {sprintf("%s %s", [violation.level, violation.rule]) | some violation in answer.violations}
}

change(type, actions, before, after) := {
	"address": sprintf("%s.it", [type]),
	"mode": "managed",
	"type": type,
	"name": "it",
	"change": {"actions": actions, "before": before, "after": after},
}

create(type, after) := change(type, ["create"], null, after)

update(type, before, after) := change(type, ["update"], before, after)

destroy(type, before) := change(type, ["delete"], before, null)

replace(type, before, after) := change(type, ["delete", "create"], before, after)

test_nothing_to_object_to if found([create("aws_sqs_queue", {"name": "jobs"})]) == set()

test_data_sources_and_no_ops_are_no_changes if found([
	object.union(create("temporalcloud_user", {"account_access": "owner"}), {"mode": "data"}),
	change("temporalcloud_user", ["no-op"], {"account_access": "owner"}, {"account_access": "owner"}),
]) == set()

# An incomplete plan is refused.
test_bad_inputs if {
	every bad in [
		{}, null, {"plan": {}}, {"plan": plan_of([])}, {"plan": plan_of([]), "settings": {}},
		{"plan": object.union(plan_of([]), {"errored": true}), "settings": settings, "subject": {"service": "a"}},
		{"plan": object.remove(plan_of([]), ["format_version"]), "settings": settings, "subject": {"service": "a"}},
		{"plan": plan_of([{"address": "a.b"}]), "settings": settings, "subject": {"service": "a"}},
	] {
		answer := quarterdeck.result with input as bad
		some violation in answer.violations
		violation.level == "hard"
		violation.rule == "policy_input"
	}
}

test_admin_user if {
	found([create("temporalcloud_user", {"account_access": "admin"})]) == {"soft admin_user"}
	found([update("temporalcloud_user", {"account_access": "read"}, {"account_access": "Admin"})]) == {"soft admin_user"}
	found([update("temporalcloud_user", {"account_access": "admin", "a": 1}, {"account_access": "admin", "a": 2})]) == set()
	found([create("temporalcloud_user", {"account_access": "developer"})]) == set()
	found([create("temporalcloud_user", {"account_access": "(sensitive)"})]) == {"soft admin_user"}
}

test_admin_user_known_only_later if {
	later := object.union(create("temporalcloud_user", {}), {"change": {
		"actions": ["create"], "before": null, "after": {}, "after_unknown": {"account_access": true},
	}})
	found([later]) == {"soft admin_user"}
}

test_account_owner if {
	found([create("temporalcloud_user", {"account_access": "owner"})]) == {"hard account_owner"}
	found([update("temporalcloud_service_account", {"account_access": "read"}, {"account_access": "owner"})]) == {"hard account_owner"}
}

test_stand_in if {
	stand_in := object.union(create("terraform_data", {"input": {"account_access": "admin"}}), {"name": "temporalcloud_user"})
	found([stand_in]) == {"soft admin_user"}
}

test_limits if {
	queues := [destroy("aws_sns_topic", {}) | some _ in numbers.range(1, 6)]
	found(queues) == {"soft many_destroys"}
	found_with(queues, {"reviewDestroysAbove": 6}) == set()
	found_with(queues, {"maxDestroys": 5, "reviewDestroysAbove": 6}) == {"hard max_destroys"}
	found_with([replace("aws_sns_topic", {}, {})], {"maxDestroys": 0}) == {"hard max_destroys"}
}

test_protected if {
	by_address := [{"pattern": "aws_sns_topic.*", "regex": "^aws_sns_topic\\..*$"}]
	by_type := [{"pattern": "aws_sns_topic", "regex": "^aws_sns_topic$"}]
	found_with([destroy("aws_sns_topic", {})], {"protected": by_address}) == {"hard protected"}
	found_with([replace("aws_sns_topic", {}, {})], {"protected": by_type}) == {"hard protected"}
	found_with([change("aws_sns_topic", ["forget"], {}, null)], {"protected": by_address}) == {"hard protected"}
	found_with([update("aws_sns_topic", {}, {})], {"protected": by_address}) == set()
}

test_stateful if {
	found([replace("aws_db_instance", {}, {})]) == {"soft stateful_replaced"}
	found([destroy("aws_s3_bucket", {})]) == {"soft stateful_destroyed"}
	found([destroy("aws_db_instance", {"skip_final_snapshot": true})]) == {"soft stateful_destroyed", "soft final_snapshot"}
}

test_internet if {
	open := {"ingress": [{"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], "ipv6_cidr_blocks": []}]}
	closed := {"ingress": [{"cidr_blocks": ["10.0.0.0/8"], "ipv6_cidr_blocks": []}]}
	found([update("aws_security_group", closed, open)]) == {"soft open_to_internet"}
	found([update("aws_security_group", open, open)]) == set()
	found([create("aws_vpc_security_group_ingress_rule", {"cidr_ipv6": "::/0"})]) == {"soft open_to_internet"}
	found([create("aws_security_group_rule", {"type": "egress", "cidr_blocks": ["0.0.0.0/0"]})]) == set()
	found([update("aws_db_instance", {"publicly_accessible": false}, {"publicly_accessible": true})]) == {"soft open_to_internet"}
	found([create("google_compute_firewall", {"source_ranges": ["0.0.0.0/0"]})]) == {"soft open_to_internet"}
	azure := {"access": "Allow", "direction": "Inbound", "source_address_prefix": "*"}
	found([create("azurerm_network_security_rule", azure)]) == {"soft open_to_internet"}
}

policy_text(action, principal) := json.marshal({"Statement": [{"Effect": "Allow", "Action": action, "Principal": principal, "Resource": "arn:aws:s3:::a"}]})

test_iam if {
	narrow := {"policy": policy_text("s3:GetObject", {"AWS": "arn:aws:iam::1:root"})}
	found([create("aws_iam_policy", narrow)]) == set()
	found([update("aws_iam_policy", narrow, {"policy": policy_text("s3:*", "x")})]) == {"soft iam_wildcard"}
	found([update("aws_s3_bucket_policy", narrow, {"policy": policy_text("s3:GetObject", {"AWS": ["*"]})})]) == {"soft iam_wildcard"}
	found([create("aws_iam_policy", {"policy": "(sensitive)"})]) == {"soft iam_unreadable"}
	found([create("google_project_iam_member", {"member": "allUsers"})]) == {"soft iam_wildcard"}
	found([create("aws_iam_role_policy_attachment", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"})]) == {"soft iam_wildcard"}
}

test_protections if {
	found([update("aws_lb", {"enable_deletion_protection": true}, {"enable_deletion_protection": false})]) == {"soft protection_off"}
	found([update("aws_lb", {"enable_deletion_protection": true}, {})]) == {"soft protection_off"}
	found([update("aws_db_instance", {"skip_final_snapshot": false}, {"skip_final_snapshot": true})]) == {"soft protection_off"}
	found([update("aws_db_instance", {"backup_retention_period": 7}, {"backup_retention_period": 0})]) == {"soft protection_off"}
}

test_storage if {
	found([create("aws_s3_bucket_acl", {"acl": "public-read"})]) == {"soft public_storage"}
	all_on := {"block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true}
	found([create("aws_s3_bucket_public_access_block", all_on)]) == set()
	found([update("aws_s3_bucket_public_access_block", all_on, object.union(all_on, {"block_public_policy": false}))]) == {"soft public_storage"}
	found([destroy("aws_s3_bucket_public_access_block", all_on)]) == {"soft public_storage"}
}

test_failed_check if {
	given := {
		"plan": object.union(plan_of([]), {"checks": [{"address": {"to_display": "check.health"}, "status": "fail"}]}),
		"settings": settings,
		"subject": {"service": "network", "environment": "stack", "kind": "provision"},
	}
	answer := quarterdeck.result with input as given
	answer.violations == {{
		"rule": "failed_check", "level": "soft",
		"message": "The check check.health of the Terraform code fails.",
	}}
}
