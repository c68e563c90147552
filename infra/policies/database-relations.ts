import { all, blocks, type Config, isOn, refersTo, type Rule } from './rule.ts'

const DATABASE = ['aws_db_instance']

const isCopy = ({ replicate_source_db }: Config) => Boolean(replicate_source_db)

const parameter = ({ parameter: given }: Config, name: string) =>
  blocks(given).find((one) => one.name === name)?.value

const SOURCE = '${aws_db_instance.it.identifier}'

/** Of the database among its neighbours. */
export const databaseRelations: Rule[] = [
  {
    id: 'AF-RDS-13',
    checkov: ['CKV2_AWS_69'],
    fsbp: ['RDS.38'],
    says: 'it is spoken to by TLS alone',
    on: ['aws_db_parameter_group'],
    holds: (group) => parameter(group, 'rds.force_ssl') === '1',
    good: { parameter: [{ name: 'rds.force_ssl', value: '1' }] },
    bad: { parameter: [{ name: 'rds.force_ssl', value: '0' }] },
  },
  {
    id: 'AF-RDS-14',
    checkov: ['CKV2_AWS_30'],
    fsbp: ['RDS.37'],
    says: 'changes of the schema and slow statements are logged',
    on: ['aws_db_parameter_group'],
    holds: (group) =>
      Boolean(parameter(group, 'log_statement')) &&
      Boolean(parameter(group, 'log_min_duration_statement')),
    good: {
      parameter: [
        { name: 'log_statement', value: 'ddl' },
        { name: 'log_min_duration_statement', value: '500' },
      ],
    },
    bad: { parameter: [] },
  },
  {
    id: 'AF-RDS-17',
    checkov: [],
    fsbp: ['RDS.26'],
    says: 'it is in a backup plan, apart from RDS’s own backups; a copy’s source is',
    on: DATABASE,
    holds: (database, self) =>
      isCopy(database) ||
      all(self.stack, 'aws_backup_selection').some((one) => refersTo(one, self)),
    good: {},
    bad: {},
    others: {
      good: { aws_backup_selection: { it: { resources: ['${aws_db_instance.it.arn}'] } } },
    },
  },
  {
    id: 'AF-RDS-19',
    checkov: [],
    fsbp: [],
    says: 'a database whose password RDS manages cannot be copied from: AWS refuses',
    on: DATABASE,
    holds: (database, self) =>
      !isOn(database.manage_master_user_password) ||
      !all(self.stack, 'aws_db_instance').some(
        (one) =>
          one.replicate_source_db !== undefined && refersTo({ of: one.replicate_source_db }, self),
      ),
    good: { password_wo: '${ephemeral.it}' },
    bad: { manage_master_user_password: true },
    others: {
      good: { aws_db_instance: { copy: { replicate_source_db: SOURCE } } },
      bad: { aws_db_instance: { copy: { replicate_source_db: SOURCE } } },
    },
  },
]
