using Workbench.Web.Services.Chat;

namespace Workbench.Web.Tests.Services.Chat;

public sealed class ToolCallsTests
{
    [Theory]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "")] // Qwen 2.5, Hermes
    [InlineData("Wait.\n<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>", "Wait.")]
    [InlineData("[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": 1}}]", "")] // Mistral
    [InlineData("[{\"name\": \"f\", \"arguments\": {\"a\": 1}}]", "")]
    [InlineData("{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "")] // Llama 3.1
    [InlineData("<|python_tag|>{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "")]
    public void The_forms_that_models_write_are_found(string answer, string text)
    {
        var found = ToolCalls.Read(answer);
        var call = Assert.Single(found.Calls);
        Assert.Equal((text, "f", "{\"a\":1}"), (found.Text, call.Name, call.Arguments.ToJsonString()));
    }

    [Fact]
    public void Several_calls_are_numbered_and_keep_the_ids_they_have()
    {
        var calls = ToolCalls.Read("""<tool_call>{"name":"f","arguments":{}}</tool_call><tool_call>{"name":"g","arguments":{},"id":"x9"}</tool_call>""").Calls;
        Assert.Equal([("call00001", "f"), ("x9", "g")], calls.Select(call => (call.Id, call.Name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("The set {1, 2} has two elements.")]
    [InlineData("{\"name\": \"Ada\"}")]
    [InlineData("{\"name\": 3, \"arguments\": {}}")]
    [InlineData("{\"name\": \"f\", \"arguments\": {")]
    [InlineData("[1, 2, 3]")]
    [InlineData("[]")]
    [InlineData("{\"name\": \"f\", \"name\": \"g\", \"arguments\": {}}")]
    [InlineData("{\"name\": \"f\", \"arguments\": \"{not json\"}")]
    [InlineData("<tool_call>{\"name\": \"f\"</tool_call>")]
    [InlineData("<tool_call>{\"name\": \"f\", \"arguments\": {}}")]
    public void What_only_looks_like_a_call_stays_text(string answer) =>
        Assert.Equal((answer, 0), (ToolCalls.Read(answer).Text, ToolCalls.Read(answer).Calls.Count));
}
