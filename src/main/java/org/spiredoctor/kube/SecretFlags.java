package org.spiredoctor.kube;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hides what follows flags: those with a secret's name, and those of well-known programs. */
final class SecretFlags {
  /** The flags with a password, of programs that are known by their whole name. */
  private static final Map<String, String> PASSWORDS =
      Map.of(
          "sshpass",
          "-p",
          "redis-cli",
          "-a",
          "login",
          "-p",
          "sqlcmd",
          "-P",
          "isql",
          "-P",
          "zip",
          "-P",
          "unzip",
          "-P",
          "mosquitto_pub",
          "-P",
          "mosquitto_sub",
          "-P");

  /** The same of families of programs. */
  private static final Map<String, String> FAMILIES =
      Map.of("mysql", "-p", "mariadb", "-p", "mongo", "-p", "ldap", "-w");

  private static final Set<String> MEMBERS =
      Set.of(
          ("mysql mysqladmin mysqlbinlog mysqlcheck mysqldump mysqlimport mysqlpump mysqlsh"
                  + " mysqlshow mysqlslap mysql_upgrade mariadb mariadb-admin mariadb-backup"
                  + " mariadb-binlog mariadb-check mariadb-dump mariadb-import mariadb-show"
                  + " mongo mongodump mongoexport mongofiles mongoimport mongorestore mongosh"
                  + " mongostat mongotop ldapadd ldapcompare ldapdelete ldapmodify ldapmodrdn"
                  + " ldappasswd ldapsearch ldapwhoami")
              .split(" "));

  /** Programs whose command {@code login} takes a password. */
  private static final Set<String> CLIENTS =
      Set.of(
          "argocd", "az", "buildah", "crane", "docker", "helm", "nerdctl", "oc", "oras", "podman",
          "skopeo");

  /** Of the families, those with no blank before the password. */
  private static final Set<String> ATTACHED = Set.of("mysql", "mariadb");

  /** Programs that take user and password in one word. */
  private static final Set<String> WITH_USER = Set.of("curl", "wget");

  private static final Set<String> USER = Set.of("-u", "-U", "--user", "--proxy-user");

  /** Flags of one hyphen that are words, and no password behind {@code -p}. */
  private static final Set<String> WORDS =
      Set.of("-path", "-plugin", "-port", "-prefix", "-print", "-profile", "-protocol");

  private static final int LONGEST_USER = 256;

  private final ValueText value;
  private final String text;

  SecretFlags(ValueText value) {
    this.value = value;
    this.text = value.text();
  }

  /**
   * The program of this name, if its flags are known.
   *
   * @param before the program before it in the command
   */
  static Optional<String> program(String word, String before) {
    String lower = word.toLowerCase(Locale.ROOT);
    String name = lower.endsWith(".exe") ? lower.substring(0, lower.length() - 4) : lower;
    if (name.equals("login") && !CLIENTS.contains(before)) {
      return Optional.empty();
    }
    return PASSWORDS.containsKey(name) || WITH_USER.contains(name) || CLIENTS.contains(name)
        ? Optional.of(name)
        : FAMILIES.keySet().stream()
            .filter(_ -> MEMBERS.contains(name))
            .filter(name::startsWith)
            .findFirst();
  }

  /** {@code -joinToken x}, in a line or in a list. */
  int named(int flag, int end) {
    int from = argument(flag, end);
    if (from == end || from >= text.length() || text.charAt(from) == '-') {
      return from;
    }
    int over = value.endOfWord(from);
    if (!SecretWords.isSaid(text.substring(from, over))) {
      value.hideWord(from, over);
    }
    return over;
  }

  /**
   * {@code curl -u user:x}, {@code mysql -px}, {@code sshpass -p x}.
   *
   * @param program empty where none is known
   */
  int ofProgram(int flag, int end, String program) {
    String word = text.substring(flag, end);
    if (USER.contains(word)) {
      int from = text.startsWith("=", end) ? end + 1 : argument(flag, end);
      return from == end ? end : user(from, end, program);
    }
    if (WITH_USER.contains(program) && word.startsWith("-u")) {
      return user(flag + 2, end, program);
    }
    String password = PASSWORDS.getOrDefault(program, FAMILIES.getOrDefault(program, " "));
    if (!word.startsWith(password) || WORDS.contains(word)) {
      return end;
    }
    int attached = flag + password.length();
    boolean alone = attached == value.endOfWord(flag) && !isQuotedAt(flag, attached);
    int from = alone ? argument(flag, end) : attached;
    if (from == attached && value.quote(from) >= 0) {
      return value.quoted(from);
    }
    if (from > attached && (ATTACHED.contains(program) || text.startsWith("-", from))) {
      return end;
    }
    int over = value.endOfWord(from);
    value.hideWord(from, over);
    return Math.max(over, end);
  }

  /** {@code -p"x y"}, but neither {@code "-p"} nor the end of a text in quotes. */
  private boolean isQuotedAt(int flag, int from) {
    int quote = value.quote(from);
    return quote >= 0
        && quote + 1 < text.length()
        && !(flag > 0 && Chars.isQuote(text.charAt(flag - 1)))
        && !Chars.isSpace(text.charAt(quote + 1))
        && ",;)]}".indexOf(text.charAt(quote + 1)) < 0
        && value.closing(from, quote, false) >= 0;
  }

  /** Of user and password the second; a user of a cluster and the ids of a process have none. */
  private int user(int from, int end, String program) {
    // What is not hidden is looked at again: not more of it, so that the time is linear.
    int seen = value.endOfWord(from, from + LONGEST_USER);
    int colon = text.indexOf(':', from, seen);
    boolean sure = WITH_USER.contains(program);
    boolean secret =
        colon > 0
            && !text.startsWith("system:", from)
            && (sure || SecretWords.looksRandom(text, colon + 1, seen));
    if (!secret) {
      return end;
    }
    int over = value.endOfWord(colon);
    value.hideWord(colon + 1, over);
    return over;
  }

  /** Where the word behind a flag begins, in a line, in a list, or as the next item of one. */
  private int argument(int flag, int end) {
    int before = flag > 0 && Chars.isQuote(text.charAt(flag - 1)) ? 3 : 2;
    boolean item = text.startsWith("- ", flag - before);
    int from = end;
    boolean listed = false;
    while (from < text.length()) {
      char c = text.charAt(from);
      listed |= c == ',' || c == '"';
      if (Chars.isLineEnd(c) && item) {
        from = Chars.afterBlanks(text, from + 1);
        from += text.startsWith("- ", from) ? 2 : 0;
        continue;
      }
      boolean between =
          Chars.isBlank(c) || c == ',' || Chars.isQuote(c) || c == '\\' || (listed && c == '\n');
      if (!between) {
        break;
      }
      from++;
    }
    return from;
  }
}
