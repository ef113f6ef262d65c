using Workbench.Web.Components.Pages.Chat;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Tests.Components.Chat;

public sealed class ChatAnswerTests
{
    private static ChatText Token(string text) => new(0, 0, text, new ChatToken(1, text, -0.1, 0.1, [], false));

    private static Task<AngleSharp.Dom.IElement> RenderAsync(AnswerState answer) => Rendered.Async<ChatAnswer>(new() { ["Answer"] = answer });

    [Fact]
    public async Task An_answer_that_failed_says_what_to_do()
    {
        var answer = new AnswerState();
        answer.Take(new ChatFailed(0, "model.safetensors is missing", "Download the weights."));
        Assert.Contains("Download the weights.", (await RenderAsync(answer)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_was_stopped_keeps_what_came()
    {
        var answer = new AnswerState();
        answer.Begin();
        answer.Take(new ChatStarted(0, "Once", [new PromptToken(1, "Once", false)]));
        answer.Take(Token("upon"));
        answer.End();
        var body = await RenderAsync(answer);
        Assert.Equal("upon", body.QuerySelector(".chat-text")!.TextContent);
        Assert.Equal("Stopped by you", body.QuerySelector(".chat-state")!.TextContent);
        Assert.Equal("Once", body.QuerySelector(".chat-prompt")!.TextContent);
    }

    [Theory]
    [InlineData("<|im_end|>", null, false, "Ended by itself with <|im_end|>")]
    [InlineData(null, "###", false, "Ended by the stop text “###”")]
    [InlineData(null, null, true, "Cut: the context is full")]
    [InlineData(null, null, false, "Cut at max_tokens")]
    public async Task Why_an_answer_ended_is_said(string? token, string? text, bool full, string expected)
    {
        var answer = new AnswerState();
        answer.Begin();
        answer.Take(new ChatFinished(0, 0, "x", 3, 20) { StopToken = token, StopText = text, ContextFull = full });
        Assert.StartsWith(expected, (await RenderAsync(answer)).QuerySelector(".chat-state")!.TextContent, StringComparison.Ordinal);
    }
}
