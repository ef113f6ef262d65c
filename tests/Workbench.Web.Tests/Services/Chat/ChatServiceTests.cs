using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Chat;

public sealed class ChatServiceTests
{
    private const string Ask = """[{"role":"user","content":"Once upon a time"}]""";

    [Fact]
    public async Task Every_pane_tells_its_exact_prompt_streams_and_ends()
    {
        await using var services = await TestServices.StartAsync();
        var model = await AddModelAsync(services);
        var events = await AnswerAsync(services, [new ChatPane(model.Id, UseTemplate: false), new ChatPane(model.Id, Template: "Once")], maxTokens: 12);

        var plain = Assert.Single(events.OfType<ChatStarted>(), started => started.Pane == 0);
        Assert.Equal("Once upon a time", plain.Prompt);
        Assert.Equal([1, 403, 407, 261, 378], plain.PromptTokens.Select(token => token.Id)); // the golden file's ids: the tokenizer adds its beginning of sequence
        Assert.Equal("Once", Assert.Single(events.OfType<ChatStarted>(), started => started.Pane == 1).Prompt);
        // The golden file's text goes on so.
        Assert.StartsWith(", there was a", string.Concat(events.OfType<ChatText>().Where(text => text.Pane == 0).Select(text => text.Text)), StringComparison.Ordinal);
        Assert.All(events.OfType<ChatFinished>(), finished => Assert.Equal(("length", 12), (finished.FinishReason, finished.CompletionTokens)));
        Assert.Equal(2, events.OfType<ChatFinished>().Count());
    }

    [Fact]
    public async Task A_pane_that_cannot_answer_does_not_disturb_the_others()
    {
        await using var services = await TestServices.StartAsync();
        var model = await AddModelAsync(services);
        var events = await AnswerAsync(
            services, [new ChatPane("nothing"), new ChatPane(model.Id), new ChatPane(model.Id, Template: "{% if %}"), new ChatPane(model.Id, UseTemplate: false)], 3);
        Assert.Equal([0, 1, 2], events.OfType<ChatFailed>().Select(failed => failed.Pane).Order());
        Assert.Contains("no chat template", events.OfType<ChatFailed>().Single(failed => failed.Pane == 1).Message, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(events.OfType<ChatFinished>()).Pane);
    }

    [Fact]
    public async Task A_reader_that_leaves_stops_the_model_and_the_next_turn_is_answered()
    {
        await using var services = await TestServices.StartAsync();
        var model = await AddModelAsync(services);
        var turn = new ChatTurn([new ChatPane(model.Id, UseTemplate: false)], Ask, new ChatSampling(MaxTokens: 400));
        await foreach (var chatEvent in services.Get<ChatService>().AnswerAsync(turn))
        {
            if (chatEvent is ChatText)
            {
                break;
            }
        }

        Assert.Single((await AnswerAsync(services, turn.Panes, 2)).OfType<ChatFinished>());
    }

    [Fact]
    public async Task An_answer_that_was_cut_goes_on_as_if_it_had_not_been()
    {
        await using var services = await TestServices.StartAsync();
        var model = await AddModelAsync(services);
        var plain = new ChatPane(model.Id, UseTemplate: false);
        var whole = Written(await AnswerAsync(services, [plain], 12));
        var cut = Written(await AnswerAsync(services, [plain], 5));
        var rest = Written(await AnswerAsync(services, [plain with { Start = new AnswerStart(Text(cut), [.. cut.Select(text => text.Token.Id)]) }], 7));
        Assert.Equal(whole.Select(text => text.Token.Id), cut.Concat(rest).Select(text => text.Token.Id));
        Assert.Equal(Text(whole), Text(cut) + Text(rest));

        // A person who writes the same words is gone on from alike: a tokenizer splits them as the model wrote them.
        var given = Written(await AnswerAsync(services, [plain with { Start = new AnswerStart(Text(cut)) }], 7));
        Assert.Equal(Text(rest), Text(given));
    }

    [Fact]
    public async Task Several_answers_are_drawn_with_seeds_that_follow_each_other()
    {
        await using var services = await TestServices.StartAsync();
        var model = await AddModelAsync(services);
        var sampling = new ChatSampling(Temperature: 1, MaxTokens: 8, Seed: 7);
        async Task<string[]> DrawAsync(ChatSampling how)
        {
            var events = await services.Get<ChatService>().AnswerAsync(new ChatTurn([new ChatPane(model.Id, UseTemplate: false)], ChatServiceTests.Ask, how)).ToListAsync();
            Assert.Equal(how.N, events.OfType<ChatFinished>().Count());
            return [.. events.OfType<ChatText>().GroupBy(text => text.Choice).OrderBy(choice => choice.Key).Select(choice => string.Concat(choice.Select(text => text.Text)))];
        }

        var three = await DrawAsync(sampling with { N = 3 });
        Assert.Equal(3, three.Length);
        Assert.Equal(three[1], Assert.Single(await DrawAsync(sampling with { Seed = 8 })));
    }

    [Fact]
    public async Task Each_token_tells_its_probability_and_the_best_others()
    {
        await using var services = await TestServices.StartAsync();
        var model = await AddModelAsync(services);
        var tokens = Written(await AnswerAsync(services, [new ChatPane(model.Id, UseTemplate: false)], 4));
        Assert.All(tokens, text => Assert.Equal(ChatService.Alternatives, text.Token.Top.Count));
        Assert.All(tokens, text => Assert.Equal((text.Token.Id, text.Token.LogProbability), (text.Token.Top[0].Id, text.Token.Top[0].LogProbability))); // greedy
        Assert.All(tokens, text => Assert.InRange(text.Token.Top.Sum(best => Math.Exp(best.LogProbability)), 0, 1.000001));
    }

    private static List<ChatText> Written(IEnumerable<ChatEvent> events) => [.. events.OfType<ChatText>()];

    private static string Text(IEnumerable<ChatText> texts) => string.Concat(texts.Select(text => text.Text));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Messages_that_are_none_are_refused(string messages)
    {
        await using var services = await TestServices.StartAsync();
        var turn = new ChatTurn([new ChatPane("x")], messages, new ChatSampling());
        await Assert.ThrowsAsync<UserInputException>(async () => await services.Get<ChatService>().AnswerAsync(turn).ToListAsync());
    }

    private static async Task<ModelEntry> AddModelAsync(TestServices services)
    {
        var folder = Shared.Require(BrokenModels.Good);
        Assert.SkipUnless(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "libworkbench_torch.so")), "needs the native shim (src/Workbench.Torch/Native/build.sh)");
        return await services.Get<ModelService>().AddFolderAsync(folder);
    }

    private static async Task<List<ChatEvent>> AnswerAsync(TestServices services, IReadOnlyList<ChatPane> panes, int maxTokens) =>
        await services.Get<ChatService>().AnswerAsync(new ChatTurn(panes, Ask, new ChatSampling(MaxTokens: maxTokens))).ToListAsync();
}
