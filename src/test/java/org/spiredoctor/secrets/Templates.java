package org.spiredoctor.secrets;

import java.util.List;
import java.util.Map;
import org.spiredoctor.secrets.Planted.Kind;

/** Texts in which a secret stands where {@code HIDE} is. */
final class Templates {
  /** What a secret is called. */
  static final List<String> NAMES =
      List.of(
          "password",
          "DB_PASSWORD",
          "db.password",
          "passwd",
          "MYSQL_PWD",
          "secret",
          "client_secret",
          "secret_access_key",
          "aws_secret_access_key",
          "secretAccessKey",
          "approle_secret_id",
          "token",
          "vault_token",
          "authToken",
          "join_token",
          "api_key",
          "apiKey",
          "API-KEY",
          "access_key",
          "private_key",
          "client-key-data",
          "credentials",
          "passphrase",
          "sharedAccessKey",
          "AccountKey",
          "PGPASSWORD",
          "spring.datasource.password");

  /** Flags that a secret follows. */
  static final List<String> FLAGS =
      List.of(
          "-joinToken", "--db-password", "--token", "--api-key", "--client-secret", "-password");

  /** What a text with a secret in it begins with. */
  static final List<String> BEFORE =
      List.of(
          "",
          "level=error msg=failed ",
          "2026-01-02T03:04:05Z ",
          "cannot connect: ",
          "x=1, ",
          "{\"level\":\"info\",\"msg\":\"go on\"} ",
          "first line\n",
          "name: web\n",
          "(",
          "[",
          "\t");

  /** What it ends with. */
  static final List<String> AFTER =
      List.of(
          "", " and more", "\nnext line", ", x=1", ")", "]", " level=info", "\n", "; retry in 5s");

  /** What ends where a word does, so that it can stand within other text. */
  static final Map<Kind, List<String>> WITHIN =
      Map.of(
          Kind.SHORT_NAME,
          List.of(
              "DB_PASS=HIDE",
              "pass=HIDE",
              "pw=HIDE",
              "psk=HIDE",
              "psk=\"HIDE\"",
              "Server=db;Uid=sa;Pwd=HIDE",
              "{\"smtpPass\":\"HIDE\"}",
              "{\\\"db_pass\\\":\\\"HIDE\\\"}"),
          Kind.SPOKEN,
          List.of(
              "using password HIDE",
              "with password \"HIDE\"",
              "password HIDE",
              "password\tHIDE",
              "password\u00A0HIDE",
              "password\u00A0=\u00A0HIDE",
              "password\u2003HIDE",
              "bindpw HIDE",
              "rootpw HIDE",
              "requirepass HIDE",
              "machine db login me password HIDE",
              "machine db\n  login me\n  password HIDE"),
          Kind.XML,
          List.of(
              "<password>HIDE</password>",
              "<ns:password>HIDE</ns:password>",
              "<password type=\"x\">HIDE</password>",
              "<password><value>HIDE</value></password>",
              "<entry key=\"password\">HIDE</entry>",
              "<property name=\"db.password\" value=\"HIDE\"/>"),
          Kind.PROGRAM,
          List.of(
              "curl -u me:HIDE https://x",
              "curl -s --user 'me:HIDE' https://x",
              "curl -ume:HIDE https://x",
              "[\"curl\",\"-u\",\"me:HIDE\"]",
              "mysql -pHIDE db",
              "mysqldump -u me -p'HIDE' db",
              "sshpass -p HIDE ssh x",
              "redis-cli -a HIDE ping",
              "docker login -u me -p HIDE",
              "ldapsearch -w HIDE -b dc=x",
              "openssl rsa -passin pass:HIDE",
              "keytool -storepass HIDE"),
          Kind.COOKIE,
          List.of(
              "Cookie: a=HIDE; b=c",
              "Set-Cookie: JSESSIONID=HIDE; Path=/",
              "JSESSIONID=HIDE",
              "GET /x;jsessionid=HIDE",
              "PHPSESSID=HIDE"),
          Kind.ORACLE,
          List.of(
              "scott/HIDE@db",
              "scott/HIDE@db.example.org",
              "scott/HIDE@db.example.org:1521/x",
              "sqlplus scott/HIDE@//db:1521/x",
              "jdbc:oracle:thin:scott/HIDE@db:1521:x"));

  /** What is known as a secret only if it looks like one. */
  static final Map<Kind, List<String>> RANDOM =
      Map.of(
          Kind.AUTHORIZATION,
          List.of(
              "Authorization: Token token=\"HIDE\"",
              "Authorization: Digest username=\"x\", response=\"HIDE\"",
              "Authorization: Custom HIDE",
              "authorization=[Bearer HIDE]"),
          Kind.ADDRESS,
          List.of(
              "https://x.blob.core.windows.net/c?sv=1&sig=HIDE&se=2",
              "https://x.example.org/?sig=HIDE",
              "https://hooks.slack.com/services/T01/B02/HIDE",
              "https://discord.com/api/webhooks/123/HIDE",
              "https://api.telegram.org/bot123:HIDE/send",
              "https://x.webhook.office.com/webhookb2/HIDE"),
          Kind.NEXT_LINE,
          List.of("password=\nHIDE", "invalid password:\nHIDE\n", "password:\nHIDE\nready"));

  /** Lines of their own. */
  static final Map<Kind, List<String>> LINES =
      Map.of(
          Kind.BELOW,
          List.of(
              "password:\n  HIDE",
              "password:\n  HIDE HIDE\nuser: me",
              "password:\r\n  HIDE\r\nuser: me",
              "db:\n  password:\n    value: HIDE\n  user: me",
              "passwords:\n  - x\n  - HIDE",
              "passwords:\n- HIDE\n- HIDE\nuser: me",
              "args:\n- run\n- --db-password\n- HIDE",
              "args:\n  - \"-joinToken\"\n  - \"HIDE\"",
              "{\"password\":\n  \"HIDE\"}"),
          Kind.NESTED,
          List.of(
              "{\"password\":{\"a\":{\"b\":\"c\"},\"value\":\"HIDE\"},\"d\":1}",
              "{\"tokens\":[[\"a\"],\"HIDE\"]}",
              "{\n  \"password\": {\n    \"a\": {},\n    \"value\": \"HIDE\"\n  }\n}",
              "msg=\"{\\\"password\\\":{\\\"a\\\":{},\\\"b\\\":\\\"HIDE\\\"}}\""));

  private Templates() {}
}
