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
          "pgpass");

  /** What a name ends with that says about a secret where or of which kind it is. */
  private static final List<String> ABOUT =
      List.of(
          ("path file filename dir directory name names namespace ref ttl type audience url uri"
                  + " endpoint review reviews policy kind version count size expiry expiration"
                  + " expires lifetime seconds enabled required mount volume issuer provider"
                  + " format length algorithm projected attestor pullsecret pullsecrets"
                  // Resources of an API group, as in tokenreviews.authentication.k8s.io.
                  + " k8sio spiffeio")
              .split(" "));

  private static final Set<String> SHELL = Set.of("pwd", "oldpwd");

  private SecretNames() {}

  static boolean isSecret(String name) {
    String plain = plain(name);
    boolean secret = false;
    for (String part : PARTS) {
      secret |= plain.contains(part);
    }
    return secret && ABOUT.stream().noneMatch(plain::endsWith) && !SHELL.contains(plain);
  }

  /** Whether a word of prose may be followed by a colon and more prose. */
  static boolean isProse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "token", "tokens", "secret", "secrets", "credential", "credentials", "cookie" -> true;
      default -> false;
    };
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
