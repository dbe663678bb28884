using MailPlugin.Delivery;

namespace MailPlugin.Tests.Delivery;

public sealed class LaneSharesTests
{
    [Fact]
    public void Room_is_divided_seventy_twenty_ten() => Assert.Equal([70, 20, 10], new LaneShares().Divide(100));

    [Fact]
    public void No_lane_starves_even_one_place_at_a_time()
    {
        var shares = new LaneShares();
        var got = new int[3];
        for (var i = 0; i < 100; i++)
        {
            var one = shares.Divide(1);
            Assert.Equal(1, one.Sum());
            for (var lane = 0; lane < 3; lane++)
            {
                got[lane] += one[lane];
            }
        }

        Assert.Equal([70, 20, 10], got);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    public void All_room_is_given_and_none_invented(int room)
    {
        var shares = new LaneShares();
        for (var i = 0; i < 20; i++)
        {
            var divided = shares.Divide(room);
            Assert.Equal(room, divided.Sum());
            Assert.All(divided, share => Assert.True(share >= 0));
        }
    }
}
