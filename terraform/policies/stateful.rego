# Resources with data that Terraform cannot restore.
package quarterdeck

stateful := {
	"aws_backup_vault", "aws_cognito_user_pool", "aws_db_instance", "aws_docdb_cluster", "aws_dynamodb_table",
	"aws_ebs_volume", "aws_ecr_repository", "aws_efs_file_system", "aws_elasticache_cluster",
	"aws_elasticache_replication_group", "aws_elasticsearch_domain", "aws_fsx_lustre_file_system", "aws_kinesis_stream",
	"aws_kms_key", "aws_memorydb_cluster", "aws_msk_cluster", "aws_neptune_cluster", "aws_opensearch_domain",
	"aws_rds_cluster", "aws_redshift_cluster", "aws_s3_bucket", "aws_secretsmanager_secret", "aws_sqs_queue",
	"azurerm_cosmosdb_account", "azurerm_key_vault", "azurerm_managed_disk", "azurerm_mssql_database",
	"azurerm_mysql_flexible_server", "azurerm_postgresql_flexible_server", "azurerm_storage_account",
	"azurerm_storage_container", "google_bigquery_dataset", "google_bigquery_table", "google_bigtable_instance",
	"google_compute_disk", "google_firestore_database", "google_kms_crypto_key", "google_redis_instance",
	"google_spanner_database", "google_sql_database", "google_sql_database_instance", "google_storage_bucket",
	"temporalcloud_namespace",
}

soft contains violation("stateful_replaced", rc, "holds data and would be replaced (destroyed and created again)") if {
	some rc in replaced
	kind(rc) in stateful
}

soft contains violation("stateful_destroyed", rc, "holds data and would be destroyed") if {
	some rc in destroyed
	not "create" in rc.change.actions
	kind(rc) in stateful
}
