package org.spiredoctor.kube;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which words stand for no secret where one could be, and which look like one. */
final class SecretWords {
  private static final Set<String> NONE =
      Set.of(
          "true", "false", "null", "nil", "none", "<nil>", "<none>", "<unset>", "<set>", "yes",
          "no");

  /** What is said of secrets, such as that a token is expired. */
  private static final Set<String> SAID =
      words(
          "a absent accepted already also an being bound configured correct created defined"
              + " deleted denied disabled empty enabled encrypted expired expiring flag for"
              + " forbidden found from generated given ignored immutable in incorrect invalid"
              + " issued loaded malformed managed mandatory missing mounted needed neither never"
              + " no not null of on one only option optional out present provided read rejected"
              + " required revoked rotated set signed stale still stored the too unavailable"
              + " unauthorized unknown unset unsupported used valid verified what where which"
              + " written wrong");

  /** What follows the word password in sentences, such as authentication. */
  private static final Set<String> FOLLOWS =
      words(
          "about access against algorithm and are as at auth authentication authenticator"
              + " authenticators authorization based because before but by can can't cannot change"
              + " changed changes character characters check checks combination comparison"
              + " complexity contains could credential credentials database db decryption"
              + " derivation did do does doesn't each encoding encryption entered entry env"
              + " environment error errors exceeds expiration expires expiry failed fails failure"
              + " field file files flow format generation generator grant had has hash hashed"
              + " hashes hashing have hint history if input instead into is isn't it its key length"
              + " less login lookup manager match matches may md5 method mismatch mode must needs"
              + " nor or parameter parsing plugin policies policy prompt property protected"
              + " protection provider reset retrieval reuse rotation rule rules salt"
              + " scram-sha-256 secret setting should so source storage store strength supplied"
              + " support than that then this to type under until update upgrade user username"
              + " using validation validity value variable verification verifier via was wasn't"
              + " were when while will with within without would");

  /** How the reasons of errors begin. */
  private static final List<String> REASONS =
      List.of(
          "illegal base64 ",
          "file not found",
          "no such file",
          "not found",
          "could not ",
          "cannot ",
          "failed to ");

  private SecretWords() {}

  private static Set<String> words(String words) {
    return Set.of(words.split(" "));
  }

  static boolean isNone(String word) {
    return isVariable(word)
        || NONE.contains(word.toLowerCase(Locale.ROOT))
        || word.startsWith(Redaction.HIDDEN);
  }

  /** Whether it is a word of a sentence about a secret. */
  static boolean isSaid(String word) {
    return SAID.contains(word);
  }

  /** Whether it is a word of a sentence about a password; with what ends sentences or not. */
  static boolean followsPassword(String word) {
    String plain = withoutEnd(word).toLowerCase(Locale.ROOT);
    return SAID.contains(plain) || FOLLOWS.contains(plain);
  }

  static String withoutEnd(String word) {
    int end = word.length();
    while (end > 0 && ",.;:!?)".indexOf(word.charAt(end - 1)) >= 0) {
      end--;
    }
    return word.substring(0, end);
  }

  /** Whether what went wrong begins here. */
  static boolean isReason(String text, int from) {
    return REASONS.stream().anyMatch(reason -> text.startsWith(reason, from));
  }

  /** Whether it is the name of an error, or of a resource: {@code NoCredentialProviders:}. */
  static boolean isSubject(String word) {
    String name = withoutEnd(word);
    return name.endsWith(".k8s.io")
        || (word.endsWith(":") && !name.isEmpty() && name.chars().allMatch(Character::isLetter));
  }

  /** {@code ${NAME}} or {@code $(NAME)}, which the program or the kubelet replaces. */
  static boolean isVariable(String word) {
    return (word.startsWith("${") && word.indexOf('}') == word.length() - 1)
        || (word.startsWith("$(") && word.indexOf(')') == word.length() - 1);
  }

  /** Whether it has what passwords and tokens have, and words, paths and addresses have not. */
  static boolean looksRandom(String text, int from, int to) {
    if (to - from < 6 || text.charAt(from) == '/' || text.indexOf("://", from, to) >= 0) {
      return false;
    }
    boolean letter = false;
    boolean digit = false;
    boolean symbol = false;
    int capitals = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      letter |= Chars.isLower(c) || Chars.isUpper(c);
      digit |= Chars.isDigit(c);
      symbol |= "!#$%^&*".indexOf(c) >= 0;
      capitals += i > from && Chars.isUpper(c) ? 1 : 0;
    }
    return (letter && digit) || capitals > 1 || symbol;
  }
}
