using Workbench.Data.Filters;

namespace Workbench.Tests.Data.Filters;

/// <summary>Numbers are the published test numbers of their schemes (payment networks, ISO 13616's examples, GB 11643's).</summary>
public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("Write to ann.lee+x@mail.co.uk now.", "Write to [EMAIL] now.")]
    [InlineData("user@example.com", "user@example.com")]
    [InlineData("Card 4111 1111 1111 1111.", "Card [CREDIT_CARD].")]
    [InlineData("Card 4111 1111 1111 1112.", "Card 4111 1111 1111 1112.")]
    [InlineData("Pay to DE89 3704 0044 0532 0130 00, please.", "Pay to [IBAN], please.")]
    [InlineData("Pay to DE89 3704 0044 0532 0130 01, please.", "Pay to DE89 3704 0044 0532 0130 01, please.")]
    [InlineData("身份证号11010519491231002X。", "身份证号[CN_ID]。")]
    [InlineData("身份证号110105194912310021。", "身份证号110105194912310021。")]
    [InlineData("SSN 078-05-1120", "SSN [US_SSN]")]
    [InlineData("SSN 000-05-1120", "SSN 000-05-1120")]
    [InlineData("from 8.8.4.4 and 192.168.0.1, version 1.2.3.4.5", "from [IP] and 192.168.0.1, version 1.2.3.4.5")]
    [InlineData("Call +1 (415) 555-2671 or (415) 555-2671 or 13800138000.", "Call [PHONE] or [PHONE] or [PHONE].")]
    [InlineData("There were 1234567890 of 3.14159265358979 in 2023-10-11.", "There were 1234567890 of 3.14159265358979 in 2023-10-11.")]
    [InlineData("key sk-abcdefghijklmnopqrstuvwx", "key [SECRET]")]
    public void What_is_personal_is_replaced_and_what_only_looks_so_stays(string text, string expected)
    {
        var verdict = new PersonalData().Apply([new RowItem(1, Rows.Text(text))]).Single();
        Assert.True(verdict.Kept);
        Assert.Equal(expected, verdict.Item.Row.Json.GetProperty("text").GetString());
        Assert.Equal(text == expected, verdict.Change is null);
    }

    [Fact]
    public void Rows_are_removed_where_nothing_is_to_be_redacted_and_nested_fields_count_too()
    {
        var row = Rows.Parse("""{"messages":[{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"mail","arguments":{"to":["a@b.org","c@d.org"]}}}]}]}""");
        Assert.Equal(["holds 2 email"], new PersonalData { Redact = false }.Reasons(row));
        Assert.Equal([null], new PersonalData { Redact = false, Kinds = ["phone"] }.Reasons(row));
    }

    [Fact]
    public void An_unknown_kind_is_named() =>
        Assert.Contains("there is no kind name", Assert.Throws<OperatorException>(() => new PersonalData { Kinds = ["name"] }.Apply([])).Message, StringComparison.Ordinal);
}
