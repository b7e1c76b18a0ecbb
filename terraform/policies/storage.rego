# Storage that becomes public.
package quarterdeck

public_acls := {"public-read", "public-read-write", "authenticated-read", "website"}

blocks := ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]

soft contains violation("public_storage", rc, "becomes public by its ACL") if {
	some rc in written
	some name in ["acl", "predefined_acl"]
	lower(value_of(after(rc), name, "")) in public_acls
	was(rc, name) != is_now(rc, name)
}

soft contains violation("public_storage", rc, sprintf("no longer blocks public access: %s is off", [name])) if {
	some rc in written
	rc.type in {"aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"}
	some name in blocks
	is_now(rc, name) != true
	not unknown(rc, name)
	blocked_or_new(rc, name)
}

blocked_or_new(rc, name) if was(rc, name) == true

blocked_or_new(rc, _) if "create" in rc.change.actions

soft contains violation("public_storage", rc, "is destroyed, which removes the public access block") if {
	some rc in destroyed
	not "create" in rc.change.actions
	rc.type in {"aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"}
}

soft contains violation("public_storage", rc, "becomes publicly readable") if {
	some rc in written
	some name in ["allow_blob_public_access", "allow_nested_items_to_be_public"]
	is_now(rc, name) == true
	was(rc, name) != true
}

soft contains violation("public_storage", rc, "becomes publicly readable") if {
	some rc in written
	rc.type == "azurerm_storage_container"
	is_now(rc, "container_access_type") in {"blob", "container"}
	was(rc, "container_access_type") != is_now(rc, "container_access_type")
}
