using System.Globalization;
using System.Text;

namespace Workbench.Language.Jinja.Rendering;

/// <summary><c>datetime.strftime</c> in the C locale of glibc, its padding flags included.</summary>
internal static class TimeFormat
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    public static string Format(DateTime time, string format)
    {
        var text = new StringBuilder();
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || index + 1 == format.Length)
            {
                text.Append(format[index]);
                continue;
            }

            var start = index++;
            var flag = '\0';
            var upper = false;
            for (; index < format.Length && format[index] is '-' or '_' or '0' or '^' or '#'; index++)
            {
                upper |= format[index] is '^' or '#';
                flag = format[index] is '^' or '#' ? flag : format[index];
            }

            var width = 0;
            for (; index < format.Length && char.IsAsciiDigit(format[index]) && width < 1000; index++)
            {
                width = (width * 10) + (format[index] - '0');
            }

            index += index < format.Length && format[index] is 'E' or 'O' ? 1 : 0;
            var directive = index < format.Length ? Directive(time, format[index], flag, width) : null;
            if (directive is null)
            {
                text.Append(format, start, Math.Min(index + 1, format.Length) - start);
                continue;
            }

            text.Append(upper ? directive.ToUpperInvariant() : directive);
        }

        return text.ToString();
    }

    private static string? Directive(DateTime time, char directive, char flag, int width)
    {
        string Number(int value, int digits, char pad = '0')
        {
            pad = flag switch { '_' => ' ', '0' => '0', _ => pad };
            var text = value.ToString(CultureInfo.InvariantCulture);
            return flag == '-' ? text : text.PadLeft(Math.Max(digits, width), pad);
        }

        string Text(string value) => value.PadLeft(width, flag == '0' ? '0' : ' ');
        var hour12 = time.Hour % 12 == 0 ? 12 : time.Hour % 12;
        return directive switch
        {
            'a' => Text(Days[(int)time.DayOfWeek][..3]),
            'A' => Text(Days[(int)time.DayOfWeek]),
            'b' or 'h' => Text(Months[time.Month - 1][..3]),
            'B' => Text(Months[time.Month - 1]),
            'c' => Text(Format(time, "%a %b %e %H:%M:%S %Y")),
            'C' => Number(time.Year / 100, 2),
            'd' => Number(time.Day, 2),
            'D' or 'x' => Text(Format(time, "%m/%d/%y")),
            'e' => Number(time.Day, 2, ' '),
            'f' => ((time.Ticks % TimeSpan.TicksPerSecond) / 10).ToString("000000", CultureInfo.InvariantCulture),
            'F' => Text(Format(time, "%Y-%m-%d")),
            'g' => Number(ISOWeek.GetYear(time) % 100, 2),
            'G' => Number(ISOWeek.GetYear(time), 1),
            'H' => Number(time.Hour, 2),
            'I' => Number(hour12, 2),
            'j' => Number(time.DayOfYear, 3),
            'k' => Number(time.Hour, 2, ' '),
            'l' => Number(hour12, 2, ' '),
            'm' => Number(time.Month, 2),
            'M' => Number(time.Minute, 2),
            'n' => "\n",
            'p' => Text(time.Hour < 12 ? "AM" : "PM"),
            'P' => Text(time.Hour < 12 ? "am" : "pm"),
            'r' => Text(Format(time, "%I:%M:%S %p")),
            'R' => Text(Format(time, "%H:%M")),
            's' => Number((int)new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeSeconds(), 1),
            'S' => Number(time.Second, 2),
            't' => "\t",
            'T' or 'X' => Text(Format(time, "%H:%M:%S")),
            'u' => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
            'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
            'V' => Number(ISOWeek.GetWeekOfYear(time), 2),
            'w' => Number((int)time.DayOfWeek, 1),
            'W' => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
            'y' => Number(time.Year % 100, 2),
            'Y' => Number(time.Year, 1),
            'z' or 'Z' => "",
            '%' => "%",
            _ => null,
        };
    }
}
