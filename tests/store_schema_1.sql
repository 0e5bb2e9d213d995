-- The patient files of an invented clinic as schema version 1 kept them, in SQLite.
-- The rows alone (INSERT) are PostgreSQL's, too. This file never changes.
CREATE TABLE ldn_titrate_schema (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT ldn_titrate_schema_pkc PRIMARY KEY (version_num)
);
INSERT INTO ldn_titrate_schema (version_num) VALUES('0001');
CREATE TABLE ldn_patient (
  id CHAR(32) NOT NULL,
  code VARCHAR(6) NOT NULL,
  name TEXT NOT NULL,
  born DATE,
  created_at DATETIME NOT NULL,
  hash VARCHAR(71) NOT NULL,
  CONSTRAINT pk_ldn_patient PRIMARY KEY (id),
  CONSTRAINT uq_ldn_patient_code UNIQUE (code)
);
INSERT INTO ldn_patient (id, code, name, born, created_at, hash) VALUES('00000000000000000000000000000001','VVGXQX','Pat Example',NULL,'2026-03-01 22:10:00.000000','sha256:60bdcd3c767abd60f90d4168256d31dc8b29c0b92ae66dd121c1dca5334cd41d');
INSERT INTO ldn_patient (id, code, name, born, created_at, hash) VALUES('00000000000000000000000000000002','8D8DQH','Zoë 例 O''Sample','1980-02-29','2026-03-01 22:10:00.000000','sha256:8a4db7e51f4c6b5378cb19bd1bdeeae584a1f1ed731d39facc309c0665c4bfdb');
INSERT INTO ldn_patient (id, code, name, born, created_at, hash) VALUES('00000000000000000000000000000003','6SX2B2','Nobody Yet',NULL,'2026-03-01 22:10:00.000000','sha256:8de970a93c35ad9488cd0dc4b98bc9dfbbb2e45bf03520e89bbc94478bef681b');
CREATE TABLE ldn_plan (
  id CHAR(32) NOT NULL,
  patient CHAR(32) NOT NULL,
  CONSTRAINT pk_ldn_plan PRIMARY KEY (id),
  CONSTRAINT uq_ldn_plan_id_patient UNIQUE (id, patient),
  CONSTRAINT fk_ldn_plan_patient FOREIGN KEY(patient) REFERENCES ldn_patient (id)
);
INSERT INTO ldn_plan (id, patient) VALUES('12345678123456781234567812345678','00000000000000000000000000000001');
CREATE TABLE ldn_line (
  pos INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  patient CHAR(32) NOT NULL,
  version INTEGER NOT NULL,
  id CHAR(32) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  "plan" CHAR(32),
  day DATE,
  micrograms BIGINT,
  written_at DATETIME NOT NULL,
  data TEXT NOT NULL,
  prev VARCHAR(71) NOT NULL,
  hash VARCHAR(71) NOT NULL,
  CONSTRAINT uq_ldn_line_id UNIQUE (id),
  CONSTRAINT uq_ldn_line_patient_version UNIQUE (patient, version),
  CONSTRAINT fk_ldn_line_patient FOREIGN KEY(patient) REFERENCES ldn_patient (id),
  CONSTRAINT fk_ldn_line_plan_patient FOREIGN KEY("plan", patient) REFERENCES ldn_plan (id, patient),
  CONSTRAINT ck_ldn_line_version CHECK (version > 0),
  CONSTRAINT ck_ldn_line_micrograms CHECK (micrograms > 0)
);
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000001',1,'1d16bd57a73b50cf82c34e090daa652e','plan','12345678123456781234567812345678',NULL,NULL,'2026-02-20 09:30:00.000000','{"hash":"sha256:29ef1bdbbb01564027806c4323230fbf5af04d3e06e63984a58c8a2d04de8904","kind":"ldn-titrate plan","plan":{"amendments":[],"bedtime":"22:00","clinic":{},"follow_up":{"then_months":3,"weeks":[4,8,12]},"gate":"check","given_out":[],"id":"12345678-1234-5678-1234-567812345678","patient":"Pat Example","products":["capsule 1.5 mg"],"protocol":{"as_of":"2026-11-22","certainty":"A seed document states the start, the increment and the most; its word for the interval can be read in two ways and is fixed as every two weeks. A pharmacy''s page gives the same table.","id":"ldn-oral-1.5mg-14d","least_days_between":1,"rule":{"cap":"4.5 mg","doses_per_day":1,"every_days":1,"increment":"1.5 mg","interval":"P14D","kind":"linear","start":"1.5 mg"},"sources":["S9","S10","S11","S12","C3","C4","L1"],"status":"default","substance":"naltrexone hydrochloride","title":"Start at 1.5 mg, 1.5 mg more every two weeks, at most 4.5 mg","verified":true,"version":1},"revised_at":"2026-02-20T09:30:00Z","signatures":[],"start":"2026-03-01","timezone":"Europe/London"},"schema":1}','sha256:60bdcd3c767abd60f90d4168256d31dc8b29c0b92ae66dd121c1dca5334cd41d','sha256:404d2ff5766c98e070070ab95a299db77342938d8285b25bbfb36eab2c8b03b1');
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000001',2,'7bad70e873e550efb9464652e1ec6461','plan','12345678123456781234567812345678',NULL,NULL,'2026-02-20 09:30:00.000000','{"hash":"sha256:a4e3cd7b7ec5a13a571e154d73b54a23bf127ff4bc5b5fe4d1bd37b566cd8de1","kind":"ldn-titrate plan","plan":{"amendments":[],"bedtime":"22:00","clinic":{},"follow_up":{"then_months":3,"weeks":[4,8,12]},"gate":"check","given_out":[],"id":"12345678-1234-5678-1234-567812345678","patient":"Pat Example","products":["capsule 1.5 mg"],"protocol":{"as_of":"2026-11-22","certainty":"A seed document states the start, the increment and the most; its word for the interval can be read in two ways and is fixed as every two weeks. A pharmacy''s page gives the same table.","id":"ldn-oral-1.5mg-14d","least_days_between":1,"rule":{"cap":"4.5 mg","doses_per_day":1,"every_days":1,"increment":"1.5 mg","interval":"P14D","kind":"linear","start":"1.5 mg"},"sources":["S9","S10","S11","S12","C3","C4","L1"],"status":"default","substance":"naltrexone hydrochloride","title":"Start at 1.5 mg, 1.5 mg more every two weeks, at most 4.5 mg","verified":true,"version":1},"revised_at":"2026-02-20T09:30:00Z","signatures":[{"at":"2026-02-20T09:30:00Z","by":"Dr Example","content_hash":"sha256:eccd699b718d43fb6e65fcbbc1a15d0d43bfacfc7f3b656af108392af52a7350","role":"physician","screened_elsewhere":true,"version":1}],"start":"2026-03-01","timezone":"Europe/London"},"schema":1}','sha256:404d2ff5766c98e070070ab95a299db77342938d8285b25bbfb36eab2c8b03b1','sha256:45042fa338972e405429782530810262f87d471295f037bc95514fe9350e34de');
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000001',3,'000000000000000000000000000003e9','taken',NULL,'2026-03-02',1500,'2026-03-01 22:11:00.000000','{"amount":"1.5 mg","at":"2026-03-01T22:10:00Z","by":"Pat Example","day":"2026-03-02","id":"00000000-0000-0000-0000-0000000003e9","kind":"taken","written_at":"2026-03-01T22:11:00Z"}','sha256:45042fa338972e405429782530810262f87d471295f037bc95514fe9350e34de','sha256:063549df17eca34a062e9b64b45a7272671f5abd91c5d0f70caa2a0d3d4dd049');
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000001',4,'000000000000000000000000000003ea','taken',NULL,'2026-03-03',NULL,'2026-03-01 22:12:00.000000','{"by":"Pat Example","day":"2026-03-03","id":"00000000-0000-0000-0000-0000000003ea","kind":"taken","written_at":"2026-03-01T22:12:00Z"}','sha256:063549df17eca34a062e9b64b45a7272671f5abd91c5d0f70caa2a0d3d4dd049','sha256:e6efea29d08e2a6857d8992ac081f873a834c9c8298e9de964cf01ab4827e7f1');
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000001',5,'00000000000000000000000000000007','skipped',NULL,'2026-03-01',NULL,'2026-03-01 22:10:00.000000','{"by":"Pat Example","day":"2026-03-01","id":"00000000-0000-0000-0000-000000000007","kind":"skipped","reason":"Slept badly","written_at":"2026-03-01T22:10:00Z"}','sha256:e6efea29d08e2a6857d8992ac081f873a834c9c8298e9de964cf01ab4827e7f1','sha256:250b0c11e0037e559c89ba6b3dc7a6c8e42dcbf84d43ae312260769fd6beedd2');
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000001',6,'00000000000000000000000000000008','void',NULL,NULL,NULL,'2026-03-01 22:10:00.000000','{"by":"Pat Example","id":"00000000-0000-0000-0000-000000000008","kind":"void","of":"00000000-0000-0000-0000-0000000003ea","reason":"A slip","written_at":"2026-03-01T22:10:00Z"}','sha256:250b0c11e0037e559c89ba6b3dc7a6c8e42dcbf84d43ae312260769fd6beedd2','sha256:b67b9189204055c3ca9d03f22051a1aa728649f5e730474de0ee28dd3a3f5e90');
INSERT INTO ldn_line (patient, version, id, kind, plan, day, micrograms, written_at, data, prev, hash) VALUES('00000000000000000000000000000002',1,'0000000000000000000000000000041a','taken',NULL,'2026-04-20',NULL,'2026-03-01 23:00:00.000000','{"by":"Pat Example","day":"2026-04-20","id":"00000000-0000-0000-0000-00000000041a","kind":"taken","written_at":"2026-03-01T23:00:00Z"}','sha256:8a4db7e51f4c6b5378cb19bd1bdeeae584a1f1ed731d39facc309c0665c4bfdb','sha256:de81a2f441283b08475c0142276af71afbf878e7aab3374328d829b714f54ec1');
CREATE TRIGGER ldn_patient_no_update BEFORE UPDATE ON ldn_patient BEGIN SELECT RAISE(ABORT, 'patient files are append-only'); END;
CREATE TRIGGER ldn_patient_no_delete BEFORE DELETE ON ldn_patient BEGIN SELECT RAISE(ABORT, 'patient files are append-only'); END;
CREATE TRIGGER ldn_plan_no_update BEFORE UPDATE ON ldn_plan BEGIN SELECT RAISE(ABORT, 'patient files are append-only'); END;
CREATE TRIGGER ldn_plan_no_delete BEFORE DELETE ON ldn_plan BEGIN SELECT RAISE(ABORT, 'patient files are append-only'); END;
CREATE TRIGGER ldn_line_no_update BEFORE UPDATE ON ldn_line BEGIN SELECT RAISE(ABORT, 'patient files are append-only'); END;
CREATE TRIGGER ldn_line_no_delete BEFORE DELETE ON ldn_line BEGIN SELECT RAISE(ABORT, 'patient files are append-only'); END;
