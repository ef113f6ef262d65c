using System.Text.Json.Nodes;
using Workbench.Web.Components.Pages.Templates;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class PastedConversationTests
{
    private const string Pair = """[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]""";

    [Theory]
    [InlineData("messages", """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"id":3}""")]
    [InlineData("messages", """{"conversations":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""")]
    [InlineData("ShareGPT", """{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]}""")]
    [InlineData("ShareGPT", """[{"from":"Human","value":"Q"},{"from":"chatgpt","value":"A"}]""")]
    [InlineData("Alpaca", """{"instruction":"Q","input":"","output":"A"}""")]
    [InlineData("Alpaca", """[{"instruction":"Q","output":"A"},{"instruction":"other","output":"row"}]""")]
    [InlineData("pair", """{"prompt":"Q","completion":"A"}""")]
    [InlineData("messages", """{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A"}]}""")]
    [InlineData("pair", "{\"question\":\"Q\",\"answer\":\"A\"}\n{\"question\":\"next line\",\"answer\":\"B\"}")]
    [InlineData("pair", "Q\tA")]
    [InlineData("speeches", "User: Q\nAssistant: A")]
    [InlineData("speeches", "Q: Q\r\nA: A\r\n")]
    public void Every_known_shape_becomes_messages(string shape, string text)
    {
        var read = PastedConversation.Read(text);
        Assert.Equal(shape, read.Shape);
        Assert.Equal(Pair, JsonNode.Parse(read.Messages)!.ToJsonString());
    }

    [Fact]
    public void Alpacas_input_goes_below_the_instruction_and_its_history_before() =>
        Assert.Equal(
            """[{"role":"system","content":"S"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"Q\n\nI"},{"role":"assistant","content":"A"}]""",
            JsonNode.Parse(PastedConversation.Read("""{"system":"S","history":[["a","b"]],"instruction":"Q","input":"I","output":"A"}""").Messages)!.ToJsonString());

    [Theory]
    [InlineData("", "nothing to convert")]
    [InlineData("just a sentence", "names no speakers")]
    [InlineData("{\"a\":1}", "no conversation")]
    [InlineData("{\"messages\":", "not valid JSON")]
    [InlineData("{\"a\":1,\"a\":2}", "something else")]
    public void Anything_else_is_refused_with_a_remedy(string text, string message)
    {
        var refused = Assert.Throws<UserInputException>(() => PastedConversation.Read(text));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Remedy);
    }

    [Fact]
    public void Deep_nesting_is_refused_not_followed() =>
        Assert.Throws<UserInputException>(() => PastedConversation.Read(new string('[', 100_000)));
}
