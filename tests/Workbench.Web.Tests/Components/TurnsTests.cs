using System.Text.Json;
using Workbench.Web.Components.Shared;

namespace Workbench.Web.Tests.Components;

public sealed class TurnsTests
{
    [Fact]
    public void Messages_become_turns_by_role()
    {
        var turns = Of("""{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}""");
        Assert.Equal([new Turn("user", "Hi", null), new Turn("assistant", "Hello", null)], turns);
    }

    [Fact]
    public void Prompt_and_completion_keep_their_column() =>
        Assert.Equal(
            [new Turn("prompt", "1+1=", null), new Turn("completion · assistant", "2", null)],
            Of("""{"prompt":"1+1=","completion":[{"role":"assistant","content":"2"}]}"""));

    [Fact]
    public void A_tool_call_without_content_is_shown_beside_an_empty_text()
    {
        var turn = Assert.Single(Of("""{"messages":[{"role":"assistant","content":null,"tool_calls":[{"name":"größe"}]}]}"""));
        Assert.Equal("", turn.Text);
        Assert.Contains("größe", turn.Extra, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_ids_stand_in_one_line() => Assert.Equal(new Turn("input_ids", "1 2 3", null), Of("""{"input_ids":[1,2,3]}""")[0]);

    [Fact]
    public void A_row_that_is_no_object_is_shown_as_it_is() => Assert.Equal([new Turn("row", "[1]", null)], Of("[1]"));

    private static IReadOnlyList<Turn> Of(string json) => Turns.OfRow(JsonSerializer.Deserialize<JsonElement>(json));
}
