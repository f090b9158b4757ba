package org.spiredoctor.kube;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which names of settings, fields, variables and flags stand for secrets. */
final class SecretNames {
  /** More of a name does not count. */
  private static final int LONGEST = 128;

  /** Without hyphens, dots and underscores. */
  static final List<String> PARTS =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "passcode",
          "pwd",
          "secret",
          "token",
          "apikey",
          "accesskey",
          "authkey",
          "privatekey",
          "signingkey",
          "encryptionkey",
          "sharedkey",
          "accountkey",
          "masterkey",
          "keydata",
          "credential",
          "connectionstring",
          "authorization",
          "cookie",
          "pgpass",
          "subscriptionkey",
          "consumerkey",
          "hmackey");

  /** What a name ends with that says about a secret where or of which kind it is. */
  private static final List<String> ABOUT =
      List.of(
          ("path file filename dir directory name names namespace ref ttl type audience url uri"
                  + " endpoint review reviews policy kind version count size expiry expiration"
                  + " expires lifetime seconds enabled required mount volume issuer provider"
                  + " error exception format length algorithm projected attestor pullsecret pullsecrets"
                  // Resources of an API group, as in tokenreviews.authentication.k8s.io.
                  + " k8sio spiffeio")
              .split(" "));

  /** Names that end with pass, and are no password. */
  private static final Set<String> PASS =
      Set.of("bypass", "compass", "encompass", "overpass", "surpass", "trespass", "underpass");

  /** Parts of names that are also words, or parts of words. */
  private static final Set<String> SHORT = Set.of("pw", "psk", "passin", "passout", "bindpw");

  /** Settings that have their value behind a blank. */
  private static final Set<String> SETTINGS =
      Set.of("bindpw", "rootbindpw", "rootpw", "requirepass", "masterauth");

  private static final List<String> ERRORS = List.of("Invalid", "Expired", "Incorrect", "Missing");

  private static final List<String> SOURCES = List.of(".go", ".java", ".py", ".rs");

  private static final Set<String> DIRECTORIES = Set.of("PWD", "OLDPWD");

  private SecretNames() {}

  static boolean isSecret(String name) {
    String plain = plain(name);
    boolean secret = false;
    for (String part : PARTS) {
      secret |= plain.contains(part);
    }
    return secret && ABOUT.stream().noneMatch(plain::endsWith);
  }

  /** Whether it stands for a secret as a flag, or before a sign: {@code DB_PASS}, not bypass. */
  static boolean isShort(String name) {
    int last =
        Math.max(name.lastIndexOf('_'), Math.max(name.lastIndexOf('-'), name.lastIndexOf('.')));
    String part = name.substring(last + 1);
    String lower = part.toLowerCase(Locale.ROOT);
    return SHORT.contains(lower)
        || part.endsWith("Pw")
        || (lower.endsWith("pass") && !PASS.contains(lower));
  }

  /** Whether the secret can follow without a sign, as in {@code using password x}. */
  static boolean isPassword(String name) {
    String plain = plain(name);
    return plain.endsWith("password")
        || plain.endsWith("passwd")
        || plain.endsWith("passphrase")
        || plain.endsWith("passcode");
  }

  /** Whether the value follows behind a blank, in lower case. */
  static boolean isSetting(String name) {
    return SETTINGS.contains(name);
  }

  /** {@code PWD=/home/spire}, a variable of the shell. */
  static boolean isWorkingDirectory(String name, String text, int value) {
    return DIRECTORIES.contains(name)
        && (text.startsWith("/", value) || text.startsWith("OLDPWD=", value));
  }

  /** Whether a word of prose can be followed by a colon and more prose. */
  static boolean isProse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "token", "tokens", "secret", "secrets", "credential", "credentials", "cookie", "pass" ->
          true;
      default -> false;
    };
  }

  /** {@code InvalidIdentityToken}, an error of a cloud. */
  static boolean isError(String name) {
    return ERRORS.stream().anyMatch(name::startsWith);
  }

  /** {@code token.go:123}, where a log line was written. */
  static boolean isSourceFile(String name) {
    return SOURCES.stream().anyMatch(name::endsWith);
  }

  static boolean isHeader(String name) {
    String plain = plain(name);
    return plain.endsWith("authorization") || plain.endsWith("cookie");
  }

  static boolean isCookie(String name) {
    return plain(name).endsWith("cookie");
  }

  private static String plain(String name) {
    StringBuilder plain = new StringBuilder();
    for (int i = Math.max(0, name.length() - LONGEST); i < name.length(); i++) {
      char c = name.charAt(i);
      if (Chars.isAlphanumeric(c)) {
        plain.append(Chars.isUpper(c) ? (char) (c - 'A' + 'a') : c);
      }
    }
    return plain.toString();
  }
}
