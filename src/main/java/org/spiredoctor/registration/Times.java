package org.spiredoctor.registration;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads durations and times. */
final class Times {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,30}");
  private static final Pattern DURATION =
      Pattern.compile("(-?)(?:([0-9]{1,18})h)?(?:([0-9]{1,18})m)?(?:([0-9]{1,18})s)?");

  /** The end of the year 9999, the last one that RFC 3339 can write. */
  private static final long LAST = 253_402_300_799L;

  private Times() {}

  /** A time to live, in seconds: {@code 90s}, {@code 15m}, {@code 1h30m} or a number of seconds. */
  static int ttl(String text) throws WrongValue {
    BigInteger seconds = seconds(text);
    if (seconds.signum() < 0) {
      throw new WrongValue(
          WrongValue.quote(text) + " is negative; 0, or no value, is the server's default");
    }
    if (seconds.bitLength() > 31) {
      throw new WrongValue(
          WrongValue.quote(text) + " is longer than SPIRE can hold, " + Integer.MAX_VALUE + "s");
    }
    return seconds.intValue();
  }

  private static BigInteger seconds(String text) throws WrongValue {
    if (WHOLE.matcher(text).matches()) {
      return new BigInteger(text);
    }
    Matcher form = DURATION.matcher(text);
    if (!form.matches() || !text.matches(".*[hms]")) {
      throw new WrongValue(
          WrongValue.quote(text)
              + " is not a duration; write hours, minutes and seconds, as 90s, 15m or 1h30m,"
              + " or a whole number of seconds");
    }
    BigInteger sixty = BigInteger.valueOf(60);
    BigInteger sum =
        number(form.group(2))
            .multiply(sixty)
            .add(number(form.group(3)))
            .multiply(sixty)
            .add(number(form.group(4)));
    return "-".equals(form.group(1)) && sum.signum() != 0 ? sum.negate() : sum;
  }

  private static BigInteger number(@Nullable String digits) {
    return digits == null ? BigInteger.ZERO : new BigInteger(digits);
  }

  /** A time in whole seconds, which is what SPIRE keeps; nothing for 0, which is never. */
  static Optional<Instant> end(String text) throws WrongValue {
    long seconds = WHOLE.matcher(text).matches() ? epoch(text) : rfc3339(text);
    if (seconds < 0 || seconds > LAST) {
      throw new WrongValue(
          WrongValue.quote(text) + " is out of range; a time is between the years 1970 and 9999");
    }
    return seconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
  }

  private static long epoch(String text) {
    BigInteger number = new BigInteger(text);
    return number.bitLength() > 62 ? Long.MAX_VALUE : number.longValue();
  }

  private static long rfc3339(String text) throws WrongValue {
    try {
      return OffsetDateTime.parse(text).toEpochSecond();
    } catch (DateTimeException _) {
      throw new WrongValue(
          WrongValue.quote(text)
              + " is not a time; write it as 2030-01-01T00:00:00Z, or as seconds since 1970");
    }
  }
}
