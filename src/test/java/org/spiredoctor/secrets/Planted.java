package org.spiredoctor.secrets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * A text with a secret in it, made at random; no secret is a real one.
 *
 * @param kind in what form
 * @param text to be redacted
 * @param secrets what must not come through
 */
public record Planted(Kind kind, String text, List<String> secrets) {
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String WORD = LETTERS + "0123456789";

  /** Of what a password without quotes is made. */
  private static final String PASSWORD = WORD + "!%^*_+~?|";

  /** Of what a password in quotes is made. */
  private static final String QUOTED = PASSWORD + " ,;&()[]{}<>#@:/=.-";

  /** The forms. */
  public enum Kind {
    ASSIGNED,
    ASSIGNED_QUOTED,
    YAML,
    YAML_BLOCK,
    JSON,
    ESCAPED_JSON,
    NAME_AND_VALUE,
    FLAG,
    FLAG_LIST,
    URL,
    DSN,
    POSTGRES,
    HEADER,
    SENTENCE,
    PEM,
    PEM_ESCAPED,
    PEM_TAIL,
    PEM_HEAD,
    PEM_MIDDLE,
    JWT,
    JWE,
    KNOWN,
    KUBECONFIG,
    DOCKER_AUTH,
    SHORT_NAME,
    SPOKEN,
    XML,
    PROGRAM,
    COOKIE,
    ORACLE,
    AUTHORIZATION,
    ADDRESS,
    NEXT_LINE,
    BELOW,
    NESTED
  }

  /** One of any kind. */
  public static Planted any(Random random) {
    Kind[] kinds = Kind.values();
    return of(kinds[random.nextInt(kinds.length)], random);
  }

  /** One of a kind. */
  public static Planted of(Kind kind, Random random) {
    String name = one(random, Templates.NAMES);
    String word = some(random, PASSWORD, 8, 24);
    String quoted = "q" + some(random, QUOTED, 8, 24) + "q";
    return switch (kind) {
      case ASSIGNED ->
          around(random, kind, name + one(random, List.of("=", " = ", ":=")) + word, word);
      case ASSIGNED_QUOTED -> {
        String quote = one(random, List.of("\"", "'"));
        yield around(random, kind, name + "=" + quote + quoted + quote, quoted);
      }
      case YAML ->
          plain(kind, "user: me\n  " + name + ": " + word + " " + word + "\nhost: db", word);
      case YAML_BLOCK -> plain(kind, name + ": |\n  " + word + "\n  x\nhost: db", word);
      case JSON ->
          around(random, kind, "{\"a\":1,\"" + name + "\":\"" + quoted + "\",\"b\":\"c\"}", quoted);
      case ESCAPED_JSON ->
          around(
              random,
              kind,
              "msg=\"body {\\\"a\\\":1,\\\"" + name + "\\\":\\\"" + quoted + "\\\"}\"",
              quoted);
      case NAME_AND_VALUE ->
          plain(
              kind,
              random.nextBoolean()
                  ? "{\"name\":\"" + name + "\",\"value\":\"" + quoted + "\"}"
                  : "- name: " + name + "\n  value: " + word,
              random.nextBoolean() ? quoted : word);
      case FLAG ->
          around(
              random,
              kind,
              "run " + one(random, Templates.FLAGS) + one(random, List.of(" ", "=")) + word,
              word);
      case FLAG_LIST ->
          plain(kind, "[\"run\",\"" + one(random, Templates.FLAGS) + "\",\"" + word + "\"]", word);
      case URL -> {
        String scheme =
            one(random, List.of("postgres", "mysql", "https", "amqp", "redis", "mongodb+srv"));
        yield around(
            random,
            kind,
            scheme
                + "://spire:"
                + word
                + one(random, List.of("@db.example.org", "@shard1", "@sha256"))
                + ":5432/spire?a=b",
            word);
      }
      case DSN ->
          around(
              random,
              kind,
              one(random, List.of("spire:", "docker:", "unix:", "k8s:"))
                  + word
                  + one(
                      random,
                      List.of("@tcp(db:3306)/spire?a=b", "@unix(/run/db.sock)/spire", "@/spire")),
              word);
      case POSTGRES ->
          around(
              random,
              kind,
              "host=db user=spire password='" + quoted.replace("'", "") + "' dbname=x",
              quoted);
      case HEADER -> {
        String token = some(random, WORD, 16, 40) + "9Z";
        yield around(
            random,
            kind,
            one(
                    random,
                    List.of(
                        "Authorization: Basic ",
                        "Authorization: Bearer ",
                        "sent Bearer ",
                        "X-Api-Key: "))
                + token,
            token);
      }
      case SENTENCE ->
          around(
              random,
              kind,
              one(random, List.of("the secret is ", "password was ", "passphrase is ")) + word,
              word);
      case PEM, PEM_ESCAPED, PEM_TAIL, PEM_HEAD, PEM_MIDDLE -> pem(kind, random);
      case JWT -> token(random, kind, 2);
      case JWE -> token(random, kind, 4);
      case KNOWN -> {
        String token = some(random, WORD, 20, 40) + "9Z";
        String prefix =
            one(
                random,
                List.of("gh#p_", "gh#o_", "github#_pat_", "gl#pat-", "xo#xb-", "s#k-", "hv#s."));
        yield random.nextInt(8) == 0
            ? aws(random)
            : around(random, kind, prefix.replace("#", "") + token, token);
      }
      case DOCKER_AUTH -> {
        String auth =
            Base64.getEncoder().encodeToString(("me:" + word).getBytes(StandardCharsets.US_ASCII));
        yield plain(kind, "{\"auths\":{\"r.example.org\":{\"auth\":\"" + auth + "\"}}}", auth);
      }
      case SHORT_NAME, SPOKEN, XML, PROGRAM, COOKIE ->
          around(random, kind, template(Templates.WITHIN, kind, random, word), word);
      case ORACLE -> {
        // A plain word before @db can also be the name of an object, see docs/redaction.md.
        String password = word.chars().allMatch(Character::isLowerCase) ? word + "9" : word;
        yield around(random, kind, template(Templates.WITHIN, kind, random, password), password);
      }
      case AUTHORIZATION, ADDRESS, NEXT_LINE -> {
        String looking = some(random, WORD, 8, 24) + "q9Z";
        String text = template(Templates.RANDOM, kind, random, looking);
        yield kind == Kind.NEXT_LINE
            ? plain(kind, text, looking)
            : around(random, kind, text, looking);
      }
      case BELOW, NESTED -> plain(kind, template(Templates.LINES, kind, random, word), word);
      case KUBECONFIG -> {
        String data = "LS0t" + "LS1CRUdJTi" + base64(random, 90);
        yield plain(
            kind,
            "while scanning a simple key\n in 'reader', line 18, column 5:\n    client-key-data: "
                + data
                + "\n    ^\ncould not find expected ':'",
            data);
      }
    };
  }

  private static String template(
      Map<Kind, List<String>> templates, Kind kind, Random random, String secret) {
    return one(random, Objects.requireNonNull(templates.get(kind))).replace("HIDE", secret);
  }

  private static Planted aws(Random random) {
    String id = some(random, WORD.toUpperCase(Locale.ROOT), 16, 16);
    String key = some(random, WORD, 38, 38) + "9Z";
    return around(random, Kind.KNOWN, "AK" + "IA" + id + " secret_access_key=" + key, key);
  }

  private static Planted token(Random random, Kind kind, int parts) {
    StringBuilder token = new StringBuilder("e" + "yJhbGciOiJSUzI1NiJ9");
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      String part = some(random, WORD + "-_", 30, 200);
      secrets.add(part);
      token.append('.').append(part);
    }
    return new Planted(
        kind, one(random, Templates.BEFORE) + token + one(random, Templates.AFTER), secrets);
  }

  private static Planted pem(Kind kind, Random random) {
    String label =
        one(random, List.of("", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH ")) + "PRIVATE KEY-----";
    List<String> lines = new ArrayList<>();
    for (int i = 2 + random.nextInt(8); i > 0; i--) {
      lines.add(base64(random, 48));
    }
    lines.add(base64(random, 1 + random.nextInt(40)));
    String body = String.join("\n", lines);
    String begin = "-----BEGIN " + label;
    String end = "-----END " + label;
    String text =
        switch (kind) {
          case PEM_ESCAPED -> (begin + "\n" + body + "\n" + end + "\n").replace("\n", "\\n");
          case PEM_TAIL -> body + "\n" + end;
          case PEM_HEAD -> begin + "\n" + body;
          case PEM_MIDDLE -> body;
          default -> begin + "\n" + body + "\n" + end;
        };
    return new Planted(
        kind,
        kind == Kind.PEM_TAIL || kind == Kind.PEM_MIDDLE ? text + "\nready" : "ready\n" + text,
        lines.stream().filter(line -> line.length() > 8).toList());
  }

  private static Planted around(Random random, Kind kind, String text, String secret) {
    return new Planted(
        kind, one(random, Templates.BEFORE) + text + one(random, Templates.AFTER), List.of(secret));
  }

  private static Planted plain(Kind kind, String text, String secret) {
    return new Planted(kind, text, List.of(secret));
  }

  private static String base64(Random random, int bytes) {
    byte[] all = new byte[bytes];
    random.nextBytes(all);
    return Base64.getEncoder().encodeToString(all);
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String some(Random random, String of, int least, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
      text.append(of.charAt(random.nextInt(of.length())));
    }
    return text.toString();
  }

  /** Eight characters of a secret that are in a text, if there are any. */
  public Optional<String> leakedInto(String output) {
    for (String secret : secrets) {
      for (int at = 0; at + 8 <= secret.length(); at += 4) {
        String part = secret.substring(at, at + 8);
        if (output.contains(part)) {
          return Optional.of(part);
        }
      }
    }
    return Optional.empty();
  }
}
